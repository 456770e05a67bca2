// Password fields gain a button that shows what was typed; it is hidden again when the form leaves.
const start = () => {
  for (const field of document.querySelectorAll('input[type="password"]')) {
    if (field.parentElement.classList.contains('secret')) continue
    const frame = document.createElement('div')
    frame.className = 'secret'
    field.replaceWith(frame)
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'secret-voir'
    button.setAttribute('aria-controls', field.id)
    frame.append(field, button)

    const show = (visible) => {
      field.type = visible ? 'text' : 'password'
      button.textContent = visible ? 'Masquer' : 'Afficher'
      button.setAttribute('aria-pressed', String(visible))
      button.setAttribute('aria-label', `${visible ? 'Masquer' : 'Afficher'} le mot de passe`)
    }
    field.autocapitalize = 'none'
    field.spellcheck = false
    show(false)
    button.addEventListener('click', () => show(field.type === 'password'))
    field.form?.addEventListener('submit', () => show(false))
  }
}

start()
document.addEventListener('parvis:page', start)
