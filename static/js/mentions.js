/* mentions.js: "@wa" in textarea[data-mentions=url] offers names in the listbox that its aria-controls names.
   Loaded by parts.js when something is typed there. */
(Q => {
  if (!Q) return;
  let field, list, timer;
  let typed = () => /(?:^|\W)@([^\s@]{1,20})$/.exec(field.value.slice(0, field.selectionStart));
  let shut = () => {
    clearTimeout(timer);
    if (list) list.hidden = true;
  };
  let pick = option => {
    let end = field.selectionStart, found = typed();
    field.focus();
    if (option && found) field.setRangeText(`@${option.dataset.name} `, end - found[1].length - 1, end, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));     // its draft, and shuts
  };
  let look = ({ target, isComposing }) => {
    if (!target.matches('[data-mentions]')) return;
    shut();
    field = target;
    list = Q.$(field.getAttribute('aria-controls'));
    if (!isComposing && typed()) timer = setTimeout(() => htmx.ajax('GET', field.dataset.mentions + '?q=' + encodeURIComponent(typed()[1]), {
      source: list, target: list, swap: 'innerHTML', then: [() => list.hidden = !list.children.length || !typed()]
    }), 200);
  };
  Q.on('input', look);
  Q.on('compositionend', look);       // the last input event of a word still counts as composing
  Q.on('keydown', e => {              // early: Enter chooses here, it does not send
    if (!list || list.hidden || e.isComposing) return;
    let at = list.contains(e.target) && e.target, first = list.firstElementChild;
    if (e.key === 'ArrowDown') (at ? at.nextElementSibling || first : first).focus();
    else if (e.key === 'ArrowUp') (at && at.previousElementSibling || field).focus();
    else if (/Enter|Tab/.test(e.key)) pick(at || first);
    else if (e.key === 'Escape') shut(field.focus());
    else return;
    e.preventDefault();
    e.stopPropagation();
  }, true);
  Q.on('click', ({ target }) => {
    if (list && list.contains(target)) pick(target.closest('[data-name]'));
    else shut();
  });
  look({ target: document.activeElement });                         // what was typed before this file came
})(window.Quanzi);
