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

// Texts that a browser keeps of drafts (brouillon.js) end with the session of their author, and are nobody else's.
const LOCAL = 'parvis:brouillon:'
const LONGEST = 7 * 24 * 3600 * 1000
const forget = (which) => {
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(LOCAL) && which(key)) localStorage.removeItem(key)
  } catch {
    // Forbidden storage keeps nothing.
  }
}
const tooOld = (key) => {
  try {
    return !(JSON.parse(localStorage.getItem(key)).le > Date.now() - LONGEST)
  } catch {
    return true
  }
}
const tidy = () => {
  const who = document.querySelector('[data-personne]')?.dataset.personne
  if (who) forget((key) => !key.startsWith(`${LOCAL}${who}:`) || tooOld(key))
}
document.addEventListener('submit', (event) => {
  if (event.target.matches?.('form[action="/deconnexion"]')) forget(() => true)
})

start()
tidy()
document.addEventListener('parvis:page', start)
