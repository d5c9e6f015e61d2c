/* poll.js: where a stream cannot live, the page asks the same address now and then and reads the same events. */
(Q => {
  if (!Q) return;
  let wait = 3000, tag = '', failed, timer, stop;

  Q.rest = () => {
    clearTimeout(timer);
    if (stop) stop.abort();
    stop = 0;                         // an answer on its way is no longer wanted
  };
  Q.poll = () => {
    let mine = stop = new AbortController();
    timer = setTimeout(() => mine.abort(), 2e4);
    fetch(Q.url(), {
      headers: { Accept: 'text/event-stream', 'X-Poll': 1, 'If-None-Match': tag },
      signal: mine.signal
    }).then(reply => {
      if (/40[13]/.test(reply.status)) Q.bye();
      if (reply.status === 304) return '';
      if (!/event/.test(reply.headers.get('Content-Type'))) throw 0;
      tag = reply.headers.get('ETag');
      return reply.text();
    }).then(text => {
      if (mine !== stop) return;
      Q.state('poll');
      text.split('\n\n').forEach(event => {
        let part = name => event.split('\n').filter(line => !line.indexOf(name)).map(line => line.slice(name.length)).join('\n');
        Q.got(part('event: '), part('data: '), part('id: '));
      });
      if (mine !== stop) return;      // bye was among them
      wait = /^id/m.test(text) ? 3000 : Math.min(3e4, wait * 1.3);
      clearTimeout(timer);
      if (failed) Q.again();          // the server is back: perhaps streams are, too
      else timer = setTimeout(() => Q.poll(Q.rest()), document.hidden ? 6e4 : wait);
      failed = 0;
    }).catch(() => mine === stop && Q.retry(failed = 1));
  };
})(window.Quanzi);
