/* menus.js: details.menu[data-src] fetch their items when opened (an empty one: from where the link in it leads), close
   on Escape, on a tap elsewhere and on a choice; badges in the navigation count what arrives elsewhere, and the title
   says their sum. */
(Q => {
  if (!Q) return;
  let shut = ({ key, target }) => Q.$$('.menu[open],.plus[open]', menu => {
    if (key ? key !== 'Escape' : menu.contains(target) && !target.closest('a,li button')) return;
    if (menu.contains(document.activeElement)) menu.firstElementChild.focus();
    menu.open = false;
  });
  Q.on('click', shut);
  Q.on('keydown', shut);
  Q.on('toggle', ({ target: menu }) => {                            // does not bubble: caught on the way down
    let { src } = menu.dataset;
    if (src != null && menu.open) htmx.ajax('GET', src || menu.querySelector('li a').href, {
      source: menu, target: menu.lastElementChild, swap: 'innerHTML', then: [() => delete menu.dataset.src]
    });
  }, true);

  let count = el => parseInt(el.textContent) || 0;
  Q.unread = name => {                // "circle-5": its badge, and the total of circles
    Q.$$(`[data-unread~="${name}"],[data-unread-total~="${name.split('-')[0]}"]`, el => {
      el.textContent = count(el) > 98 ? '99+' : count(el) + 1;
      el.hidden = false;
    });
    Q.title();
  };
  Q.title = () => {                   // each total once, however often it is drawn
    let totals = {}, sum = 0;
    Q.$$('[data-unread-total]', el => totals[el.dataset.unreadTotal] = count(el));
    for (let name in totals) sum += totals[name];
    if (navigator.setAppBadge) navigator.setAppBadge(totals['inbox' + Q.me]).catch(() => 0);
    document.title = (sum ? `(${sum}) ` : '') + document.title.replace(/^\(\d+\) /, '');
  };
  Q.title();
})(window.Quanzi);
