/* poll.js: where a stream cannot live, the page asks the same address now and then and reads the same events.
   Loaded by live.js when it comes to that. */
(Q => {
  if (!Q) return;
  let wait = 3000, tag = '', run = 0, polls = 0, failed, timer;

  Q.rest = () => clearTimeout(timer, run++);      // an answer on its way is no longer wanted
  Q.poll = () => {
    let mine = ++run;
    timer = setTimeout(Q.retry, 2e4);
    fetch(Q.url(), { headers: { Accept: 'text/event-stream', 'X-Poll': 1, 'If-None-Match': tag } }).then(reply => {
      if (/40[13]/.test(reply.status)) Q.bye();
      if (reply.status === 304) return '';
      if (!/event/.test(reply.headers.get('Content-Type'))) throw 0;
      tag = reply.headers.get('ETag');
      return reply.text();
    }).then(text => {
      if (mine !== run) return;
      Q.state('poll');
      text.split('\n\n').forEach(block => {
        let e = {};
        block.replace(/^(\w+): ?(.*)/gm, (line, key, value) => e[key] = key in e ? e[key] + '\n' + value : value);
        Q.got(e.event, e.data, e.id);
      });
      if (mine !== run) return;                   // bye was among them
      clearTimeout(timer);
      wait = /^id/m.test(text) ? 3000 : Math.min(3e4, wait * 1.3);
      if (failed || !(++polls % 50)) Q.again();   // the server is back, or time went by: perhaps streams live now
      else timer = setTimeout(Q.poll, document.hidden ? 6e4 : wait);
      failed = 0;
    }).catch(() => mine === run && Q.retry(failed = 1));
  };
})(window.Quanzi);
