// Buttons marked data-imprimer print the page; without JavaScript they stay hidden, and the browser's own menu prints.
const start = () => {
  for (const button of document.querySelectorAll('[data-imprimer]')) {
    button.hidden = false
    button.addEventListener('click', () => print())
  }
}

start()
document.addEventListener('parvis:page', start)
