/* mine.js: a chat's rows are the same for everybody; here one's own are told apart. forms.js does it for rows that
   are swapped in. An earlier stretch is put above without moving what is being read. */
(Q => {
  if (!Q) return;
  Q.$$(`[data-author="${Q.me}"]`, row => row.classList.add('me'));
  let page = document.scrollingElement;
  Q.on('htmx:before:swap', ({ detail: { ctx, tasks } }) => tasks.forEach(({ target }) => {
    if (!target || !/^earlier-/.test(target.id)) return;
    let y = page.scrollTop, height = page.scrollHeight;
    (ctx.then = ctx.then || []).push(() => page.scrollTop = y + page.scrollHeight - height);
  }));
})(window.Quanzi);
