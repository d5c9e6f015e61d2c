/* gate.js: decides whether htmx may run here. It is a file of its own, in ES5, because a browser that cannot
   read app.js must still read this. Where a test fails, <html hx-ignore> is set, nothing more is loaded, and
   forms and links work plainly. <script src=gate.js data-app="/static/built/app.js" defer> */
(function (d, w) {
  var app = d.currentScript && d.currentScript.getAttribute('data-app'), fit = app;
  try {
    d.querySelector(':not(a b)');               // htmx 4 asks this after it has sent the form: Chrome 88
    // Syntax cannot be tried without eval; aspect-ratio came with private methods (Safari 15, Chrome 88).
    fit = fit && w.fetch && w.Promise && w.EventSource && w.Element.prototype.closest &&
      w.CSS.supports('aspect-ratio', '1');
  } catch (e) { fit = 0; }
  if (!fit) return d.documentElement.setAttribute('hx-ignore', '');
  function load() {                             // after load: the first paint does not wait for it
    var script = d.createElement('script');
    script.src = app;
    d.head.appendChild(script);
  }
  if (d.readyState === 'complete') load();
  else w.addEventListener('load', load);
})(document, window);
