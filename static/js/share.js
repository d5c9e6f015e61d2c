/* share.js: the phone's own share sheet where the browser has one, buttons that copy and print; without them the link
   is text to select. Old browsers get it too, so it is old JavaScript. */
(function () {
  var share = document.querySelector('[data-share]'), copies = document.querySelectorAll('[data-copy]'), i;
  function copy() {
    var text = document.querySelector(this.getAttribute('data-copy'));
    if (window.Quanzi || !text) return;                 // forms.js copies, and says so
    getSelection().selectAllChildren(text);
    if (document.execCommand('copy')) this.textContent = this.getAttribute('data-done');
  }
  for (i = 0; i < copies.length; i++) {
    copies[i].hidden = false;
    copies[i].addEventListener('click', copy);
  }
  var print = document.querySelector('[data-print]');
  if (print) {
    print.hidden = false;
    print.addEventListener('click', function () { window.print(); });
  }
  if (!share || !navigator.share) return;
  share.hidden = false;
  share.addEventListener('click', function () {
    navigator.share({ url: share.getAttribute('data-share'), title: share.getAttribute('data-title') })
      .catch(function () {});                           // closed again
  });
})();
