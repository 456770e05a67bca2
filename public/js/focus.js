// After a refused form, the summary of errors takes the focus, and its links go to the fields themselves.
const start = () => {
  const summary = document.querySelector('[data-focus]')
  if (!summary) return
  summary.focus()
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]')
    const field = link && document.getElementById(link.hash.slice(1))
    if (!field) return
    event.preventDefault()
    field.focus({ preventScroll: true })
    field.closest('.champ')?.scrollIntoView({ block: 'center' })
  })
}

start()
document.addEventListener('parvis:page', start)
