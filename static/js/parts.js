/* parts.js: files of their own for what not every page needs. Their addresses stand on the script tag of gate.js:
   data-poll="…", data-mentions="…". A part is loaded once, when it is asked for by name, or by itself when something is
   entered into a field that has an attribute of that name. One that could not be loaded may be asked for again. */
(Q => {
  if (!Q) return;
  let parts = document.querySelector('[data-app]').dataset;
  Q.part = (name, then, fail) => {
    let src = parts[name];
    if (!src) return;                 // there, or on its way
    delete parts[name];
    document.head.appendChild(Object.assign(document.createElement('script'), {
      src,
      onload: then,
      onerror() {
        parts[name] = src;
        if (fail) fail();
      }
    }));
  };
  Q.on('input', ({ target }) => {
    for (let name in parts) if (name in target.dataset) Q.part(name);
  });
})(window.Quanzi);
