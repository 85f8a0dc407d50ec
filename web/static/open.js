// Of what stands in a view, a button that opens something of it tells the program what.
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-open]');
  if (button) trigger('select', {open: button.dataset.open});
});
