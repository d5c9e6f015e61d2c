/* live.js: what others do appears on the page: one EventSource (poll.js where streams die), and what each event does.
   window.Quanzi is what our files share; it is missing where htmx may not run, and then they all stop.
   Lists and the bar: forms.js, badges: menus.js. Names are short: rjsmin keeps them, phones pay for them. */
(() => {
  let root = document.documentElement, htmx = window.htmx;
  if (!htmx || root.hasAttribute('hx-ignore')) return;
  let $ = id => document.getElementById(id);
  let $$ = (selector, act) => document.querySelectorAll(selector).forEach(act);
  let on = (name, act, early) => document.addEventListener(name, act, early);
  let swap = (target, text, swap) => htmx.swap({ text, target, swap, sourceElement: target });
  let { url, topics, since, beat, me } = ($('live') || root).dataset;
  let es, timer, dog, note, up, lost, tries = 0, dead = 0, enough = 2;

  // ---- the connection. Retrying is never left to EventSource, which gives up for good on a 503
  let open = () => {
    close(up = 0);
    if (!url) return;
    // So many streams died before their first beat: a proxy is in the way. Or the server was away: then streams again
    let then = () => lost || enough > 2 ? Q.again(lost = 0) : open();
    if (dead >= enough) return Q.poll ? Q.poll() : watch(Q.part('poll', then, () => Q.retry(lost = 1)));
    if (document.hidden) return;
    es = new EventSource(Q.url());
    es.onerror = Q.retry;
    for (let name in events) es.addEventListener(name, e => {
      dead = 0;
      enough = 4;                     // they live on this line
      Q.state('on');
      watch(up = 1);
      Q.got(name, e.data, e.lastEventId);
    });
    watch();
    timer = setTimeout(() => tries = 0, 1e4);                       // only a stream that lasted proves the line
  };
  let pause = () => 500 << Math.min(tries++, tries < 9 ? 2 : 5);    // a server that starts again is soon found
  let watch = () => {
    clearTimeout(dog);
    dog = setTimeout(Q.retry, beat * (up ? 2200 : 1000));
  };
  let close = () => {
    clearTimeout(timer, clearTimeout(dog));
    Q.rest();
    es = es && es.close();
  };
  let tell = when => $$('#offline,#offline [data-when]', el => {
    el.hidden = !/off|bye/.test(when) || (el.dataset.when || when) !== when;
  });

  let Q = window.Quanzi = {
    $, $$, on, swap, me, rest() {},   // poll.js knows what to put to rest, once it is there
    url: () => url + '?' + new URLSearchParams({ topics, since }),
    wake: () => open(tries = dead = 0),
    again: () => open(dead = enough - 1),                           // one stream, to see whether they live by now
    got(name, data, id) {
      if (!url) return;
      if (events[name]) events[name](data);
      if (id) since = id;             // after the handler: an error means replay, not loss
    },
    state(state, wait) {
      if (root.dataset.live === state) return;
      root.dataset.live = state;
      clearTimeout(note);
      note = setTimeout(tell, wait, state);
    },
    retry() {
      close();
      if (!up) dead++;
      Q.state('off', 4000);           // streams end now and then: no alarm for that
      timer = setTimeout(open, pause() * (1 + Math.random()));
    },
    bye: () => Q.state('bye', close(url = ''))
  };

  // ---- what an event does. Many of a kind make one request, at random, or all viewers would ask at once
  let later = (el, ms, act) => {
    clearTimeout(el.timer);
    el.timer = setTimeout(act, ms + Math.random() * ms * 4);
  };
  let refetch = key => $$(`[data-live${key}]`, el => later(el, 100, () => htmx.trigger(el, 'poke', {}, false)));
  let events = {
    beat() {},
    bye: Q.bye,
    poke: data => data.split(' ').forEach(key => refetch(`~="${key}"`)),
    reset() {
      refetch('');
      $$('[data-fresh-url]', list => later(list, 100, () => Q.whole(list)));
    },
    gone(id) {
      let el = $(id);
      if (el && el.contains(document.activeElement)) el.parentNode.focus();
      if (el) el.remove();
    },
    push(data) {
      let [, id, where, html, own] = /^(\S+) (\S+)\n(\s*<[^>]+? id="([^"]+)[^]*)/.exec(data) || [], old = $(own), list = $(id);
      if (old) swap(old, html, 'outerMorph');                       // replayed, or changed: in place, never twice
      else if (list && where !== 'self') swap(list, html, where);
    },
    fresh(data) {
      let [name, row, author] = data.split(' '), here;
      $$(`[data-list~="${name}"]`, list => {
        here = 1;
        if (!Q.wait(list, row)) return;
        if (author === me || (scrollY < 40 && !Q.typing(list))) later(list, 30, () => Q.wait(list) && Q.take(list));
        else Q.bar(list);
      });
      if (!here && author !== me) Q.unread(name);
    }
  };

  on('visibilitychange', () => {      // a hidden tab gives its connection back: HTTP/1.1 has six
    if (!es) return document.hidden || Q.wake();
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(close, 5000);
  });
  addEventListener('pagehide', close);                              // an open stream may keep a page out of the BFCache
  addEventListener('pageshow', e => e.persisted && Q.wake());
  addEventListener('online', Q.wake);
  setTimeout(Q.wake);                   // when the rest of the bundle has run
})();
