// A long work: its bar moves while it runs, and the page is shown anew when its state changes.
// Without JavaScript the page reloads itself.

const EVERY_MS = 1500
const box = document.getElementById('travail')

const count = new Intl.NumberFormat('fr-FR')

const show = (now) => {
  const bar = box.querySelector('progress')
  if (bar && now.part !== null) bar.value = now.part
  const put = (name, text) => {
    const place = box.querySelector(`[data-${name}]`)
    if (place) place.textContent = text
  }
  put('etape', now.etape)
  put('part', String(now.part ?? ''))
  put('reste', left(now))
  put(
    'compte',
    now.total === null
      ? now.fait
        ? count.format(now.fait)
        : ''
      : `${count.format(now.fait)} sur ${count.format(now.total)}`,
  )
}

// How long the step still takes, at the pace seen since this page looks at it.
let since = null
const MINUTE_MS = 60_000
const left = ({ etape, fait, total }) => {
  if (since === null || since.etape !== etape || fait < since.fait) since = { etape, fait, at: Date.now() }
  const done = fait - since.fait
  if (total === null || done === 0 || fait >= total) return ''
  const minutes = Math.round(((Date.now() - since.at) * (total - fait)) / done / MINUTE_MS)
  if (minutes < 1) return ', reste moins d’une minute'
  if (minutes < 90) return `, reste environ ${count.format(minutes)} minute${minutes > 1 ? 's' : ''}`
  return `, reste environ ${count.format(Math.round(minutes / 60))} heures`
}

let said = 0
const announce = (now) => {
  if (now.part === null || now.part < said + 25) return
  said = now.part
  box.querySelector('[data-annonce]').textContent = `${now.part} %`
}

const look = async () => {
  try {
    const answer = await fetch(`/gestion/travaux/${box.dataset.travail}/etat`, {
      headers: { Accept: 'application/json' },
    })
    if (answer.ok) {
      const now = await answer.json()
      const known = box.dataset.total
      box.dataset.total = now.total === null ? '' : 'oui'
      // A total that appears, or another state: other words and other buttons.
      if (now.etat !== box.dataset.etat || (known === '' && now.total !== null)) return location.reload()
      show(now)
      announce(now)
    }
  } catch {
    // The network is away: the next look may find it.
  }
  setTimeout(look, EVERY_MS)
}

if (box?.dataset.vivant === 'oui') {
  // What somebody is typing on the same page must not be lost to a reload.
  setTimeout(look, EVERY_MS)
}
