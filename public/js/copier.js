// Fields marked data-copier gain a button that copies what they hold; without JavaScript one selects and copies.
const start = () => {
  for (const field of document.querySelectorAll('[data-copier]')) {
    if (field.nextElementSibling?.classList.contains('copier') || !navigator.clipboard) continue
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'btn copier'
    button.textContent = 'Copier l’adresse'
    field.after(button)
    field.addEventListener('focus', () => field.select())
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(field.value)
      button.textContent = 'Adresse copiée'
    })
  }
}

start()
document.addEventListener('parvis:page', start)
