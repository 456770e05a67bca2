// On a narrow screen the link to #menu becomes a button that opens and closes the menu where it stands.
const start = () => {
  const link = document.querySelector('[data-menu-ouvrir]')
  const menu = document.getElementById('menu')
  if (!link || !menu) return

  const button = document.createElement('button')
  button.type = 'button'
  button.className = link.className
  button.setAttribute('aria-controls', 'menu')
  button.append(...link.childNodes)
  link.replaceWith(button)

  const show = (open) => {
    menu.classList.toggle('ouvert', open)
    button.setAttribute('aria-expanded', String(open))
  }
  show(false)
  button.addEventListener('click', () => show(button.getAttribute('aria-expanded') === 'false'))
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || button.getAttribute('aria-expanded') === 'false') return
    show(false)
    button.focus()
  })
}

start()
document.addEventListener('parvis:page', start)
