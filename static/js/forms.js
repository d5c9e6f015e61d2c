/* forms.js: what a person does on the page. First what no swap may disturb (doubles, the end of a talk), then lists and
   their bar, then sending: errors in plain words, drafts, keys, growing text fields, asking first, copying. */
(Q => {
  if (!Q) return;
  let { $, $$, on } = Q, has = (el, name) => name in el.dataset;
  let atEnd = () => document.scrollingElement.scrollHeight - innerHeight - scrollY < 80;

  // ---- swaps
  on('htmx:before:swap', ({ detail: { ctx, tasks } }) => tasks.forEach(({ target, fragment, swapSpec: { style } }) => {
    fragment.querySelectorAll(`[data-author="${Q.me}"]`).forEach(el => el.classList.add('me'));
    if (!target || !/^(be|af)/.test(style)) return;
    let rows = [...fragment.children], end = atEnd() || fragment.querySelector('.me');
    rows.forEach(el => {              // the push has overtaken the reply: what comes second updates what stands
      let twin = el.id && $(el.id);
      if (!twin) return;
      Q.swap(twin, el.outerHTML, 'outerMorph');
      if (style === 'afterbegin') el.replaceWith(twin); else el.remove();
    });
    // A talk follows its end for who is there or has just spoken
    if (has(target, 'stick') && style === 'beforeend') ctx.then = [() => {
      if (!end) return rows.forEach(row => Q.bar(target, row.id));
      while (target.children.length > 400) target.firstElementChild.remove();
      show(target);
    }, ...ctx.then || []];
  }));
  on('htmx:after:swap', ({ detail: { ctx } }) => {
    let { status } = ctx.response || ctx, bad = status === 422 && document.querySelector('[aria-invalid=true]');
    if (!(status > 299)) (ctx.then || []).forEach(act => act());
    if (bad) bad.focus();
    $$('textarea', restore);
    Q.title();
  });

  // ---- lists and the bar: it counts what waits, a tap brings it
  let held = list => list.held = list.held || new Set();
  let show = list => scrollTo(0, has(list, 'stick') ? 1e6 : 0);
  Q.typing = (box, el = document.activeElement) => el.matches('textarea') && el.value && box.contains(el);
  Q.wait = (list, row) => {           // how many rows wait that are not on the page; a talk's come by themselves
    if (has(list, 'stick')) return 0;
    if (row) held(list).add(row);
    held(list).forEach(row => list.querySelector(`[data-row="${row}"]`) && held(list).delete(row));
    return held(list).size;
  };
  Q.bar = (list, row) => $$(`[data-bar="${list.id}"]`, bar => {
    if (row) held(list).add(row);
    let n = held(list).size;
    bar.hidden = !n;
    bar.textContent = bar.dataset[n > 1 ? 'many' : 'one'].replace('{n}', n);
  });
  // Asks for what came after data-newest, and what we heard of below it: commits overtake each other. htmx queues at
  // most one more for the same list.
  Q.take = (list, then) => {
    let { freshUrl, newest } = list.dataset, talk = has(list, 'stick'), known = talk ? [] : [...held(list)];
    let rise = () => list.querySelectorAll('[data-row]').forEach(el => newest = list.dataset.newest = Math.max(newest, el.dataset.row));
    if (talk) rise();
    htmx.ajax('GET', freshUrl + '?after=' + Math.min(newest, ...known.map(row => row - 1)), {
      source: list, target: list, swap: talk ? 'beforeend' : 'afterbegin', then: [() => {
        rise();
        read(list, known);
        if (then) then();
      }]
    });
  };
  Q.whole = list => {                 // after a reset, until no more comes: one answer has not all of a long absence
    let { newest } = list.dataset;
    Q.take(list, () => newest !== list.dataset.newest && Q.whole(list));
  };
  let read = (list, rows = [...held(list)]) => {
    rows.forEach(row => held(list).delete(row));
    Q.bar(list);
  };
  on('scroll', () => atEnd() && $$('[data-stick]', list => read(list)));
  if (!scrollY && !location.hash) $$('[data-stick]', show);

  // ---- sending. Never silence: the words stand in #flash
  let flash = (textContent, kind) => $('flash').replaceChildren(
    Object.assign(document.createElement('p'), { textContent, className: 'flash ' + kind }));
  let quiet = el => el.matches('[data-live],[data-list]');          // nobody asked for these: #offline speaks
  let fail = ({ sourceElement: el }, key, said) => {
    if (!quiet(el)) flash(said ? said.textContent : $('flash').dataset[key], 'bad');
    else if (has(el, 'list')) Q.bar(el);
  };
  on('htmx:error', ({ detail: { ctx } }) => ctx && fail(ctx, 'offline'));
  on('htmx:response:error', ({ detail: { ctx } }) => {
    let { status } = ctx.response;
    if (status !== 422) fail(ctx, status === 429 ? 'slow' : status < 500 ? 'denied' : 'server',
      new DOMParser().parseFromString(ctx.text, 'text/html').querySelector('[data-message]'));
  });
  let plain, press = (form, button) => (button || [...form.elements].find(el => el.type === 'submit')).click();
  on('htmx:after:request', e => {
    let { ctx } = e.detail, { form, submitter } = ctx.request, { status } = ctx.response;
    if (form && status < 400) form.querySelectorAll('[data-draft]').forEach(el => delete store[name(el)]);
    if (status !== 401 || !(form || quiet(ctx.sourceElement))) return;
    e.preventDefault();               // what was written goes along to the sign-in page
    if (form) press(plain = form, submitter); else Q.bye();
  });
  on('submit', e => {
    let form = e.target, ask = (e.submitter || form).dataset.confirm || form.dataset.confirm;
    if (form !== plain) {
      if (!ask || confirm(ask)) return;
      e.preventDefault();
    }
    e.stopPropagation();              // past htmx
  }, true);

  // ---- drafts stay in the tab until their form was answered well. A plain form's answer is the page that follows;
  // an error page or a way back is not it
  let store = sessionStorage, name = el => 'draft ' + el.dataset.draft, visit = performance.getEntriesByType('navigation')[0];
  let grow = el => {
    while (el.scrollHeight > el.clientHeight && el.rows < 12) el.rows++;
  };
  let restore = el => {
    if (has(el, 'draft') && !el.value) el.value = store[name(el)] || '';
    grow(el);
  };
  if (visit.type === 'navigate' && document.referrer && !(visit.responseStatus > 399)) delete store[store.sent];
  delete store.sent;
  $$('textarea', restore);
  on('submit', e => {
    let el = e.target.querySelector('[data-draft]');
    if (el && !e.defaultPrevented) store.sent = name(el);           // prevented: htmx has it
  });
  on('input', ({ target: el }) => {
    if (el.matches('textarea')) grow(el);
    if (has(el, 'draft')) store[name(el)] = el.value;
  });

  // ---- keys and taps
  on('keydown', e => {
    let el = e.target;
    if (e.key !== 'Enter' || e.isComposing || e.keyCode === 229 || !el.matches('form textarea')) return;
    if (!e.ctrlKey && !e.metaKey && (!has(el, 'enter') || e.shiftKey)) return;
    e.preventDefault();
    if (el.value.trim()) press(el.form);
  });
  on('click', ({ target }) => {
    let el = target.closest('[data-bar],[data-copy]');
    if (!el) return;
    let { bar, copy, done } = el.dataset, list = $(bar);
    let go = () => {
      show(list);
      list.focus({ preventScroll: true });
    };
    if (list) return has(list, 'stick') ? go(read(list)) : Q.take(list, go);
    el = document.querySelector(copy);
    if (el.select) el.select(); else getSelection().selectAllChildren(el);
    if (document.execCommand('copy')) flash(done, 'ok');            // plain http has no navigator.clipboard
  });
})(window.Quanzi);
