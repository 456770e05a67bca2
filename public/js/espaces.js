// Rows of a folder are dragged onto a folder, or onto the way up. Without JavaScript, and with the keyboard, « Déplacer… »
// leads to a page that does the same.

let dragged = null

const drop = (list, place) => {
  const form = list.querySelector('form[data-deplacement]')
  form.action = `/gestion/espaces/${dragged.dataset.element}/deplacement`
  form.elements.dans.value = place.dataset.dossier
  form.elements.revision.value = dragged.dataset.revision
  form.submit()
}

const accepts = (place) => dragged !== null && place.dataset.dossier !== dragged.dataset.element

const start = () => {
  for (const list of document.querySelectorAll('[data-espaces]')) {
    if (!list.querySelector('form[data-deplacement]')) continue
    for (const tip of list.querySelectorAll('[data-avec-script]')) tip.hidden = false
    for (const row of list.querySelectorAll('[data-element]')) {
      row.draggable = true
      row.addEventListener('dragstart', (event) => {
        dragged = row
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', row.dataset.titre)
        row.classList.add('glisse')
      })
      row.addEventListener('dragend', () => {
        dragged = null
        row.classList.remove('glisse')
      })
    }
    for (const place of list.querySelectorAll('[data-dossier]')) {
      place.addEventListener('dragover', (event) => {
        if (!accepts(place)) return
        event.preventDefault()
        place.classList.add('cible')
      })
      place.addEventListener('dragleave', () => place.classList.remove('cible'))
      place.addEventListener('drop', (event) => {
        place.classList.remove('cible')
        if (!accepts(place)) return
        event.preventDefault()
        drop(list, place)
      })
    }
  }
}

start()
document.addEventListener('parvis:page', start)
