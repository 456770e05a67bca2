// Forms marked data-upload: files are checked before they leave, and their sending shows how far it is.
// Without JavaScript the form leaves as an ordinary post.

// Rounded up, so that a file just over its limit is never said to weigh the limit.
const size = (bytes, decimals = 1) => {
  if (bytes < 1048576) return `${Math.max(1, Math.ceil(bytes / 1024))}\u00a0Ko`
  const unit = 10 ** decimals
  return `${String(Math.ceil((bytes / 1048576) * unit) / unit).replace('.', ',')}\u00a0Mo`
}

const timeLeft = (seconds) => {
  if (seconds < 5) return 'moins de 5 secondes'
  if (seconds < 90) return `environ ${Math.round(seconds / 5) * 5} secondes`
  return `environ ${Math.round(seconds / 60)} minutes`
}

// The sentence that stands beside the field, or nothing when every file may leave.
const refusal = (input) => {
  const allowed = input.dataset.extensions?.split(',')
  const limit = Number(input.dataset.tailleMax ?? Infinity)
  for (const file of input.files) {
    const extension = file.name.includes('.') ? file.name.split('.').pop().toLowerCase() : ''
    if (allowed && !allowed.includes(extension))
      return `«\u00a0${file.name}\u00a0» n’est pas d’un format accepté (${allowed.join(', ')}).`
    if (file.size > limit)
      return `«\u00a0${file.name}\u00a0» pèse ${size(file.size, 2)}\u00a0: le maximum est de ${input.dataset.tailleMaxTexte}.`
    if (file.size === 0) return `«\u00a0${file.name}\u00a0» est vide.`
  }
  return ''
}

const check = (input) => {
  const sentence = refusal(input)
  const place = document.getElementById(`${input.id}-erreur`)
  if (place) {
    place.hidden = sentence === ''
    place.querySelector('[data-message]').textContent = sentence
  }
  input.classList.toggle('is-invalid', sentence !== '')
  if (sentence) input.setAttribute('aria-invalid', 'true')
  else input.removeAttribute('aria-invalid')
  return sentence === ''
}

const progressOf = (form) => {
  const box = document.createElement('div')
  box.className = 'televersement'
  const bar = document.createElement('progress')
  bar.max = 100
  bar.value = 0
  bar.setAttribute('aria-label', 'Envoi du fichier')
  const text = document.createElement('p')
  const spoken = document.createElement('p')
  spoken.className = 'visually-hidden'
  spoken.setAttribute('role', 'status')
  box.append(bar, text, spoken)
  form.append(box)
  const started = performance.now()
  let said = -1
  return {
    show(loaded, total) {
      const percent = Math.floor((loaded / total) * 100)
      const elapsed = (performance.now() - started) / 1000
      const left =
        elapsed > 1 && loaded < total ? ` · encore ${timeLeft((elapsed / loaded) * (total - loaded))}` : ''
      bar.value = percent
      text.textContent =
        loaded < total
          ? `${percent}\u202f% · ${size(loaded)} sur ${size(total)}${left}`
          : 'Fichier reçu, vérification en cours…'
      // A screen reader hears every quarter, not every percent.
      if (Math.floor(percent / 25) > said) {
        said = Math.floor(percent / 25)
        spoken.textContent =
          percent < 100 ? `${percent}\u202f% envoyés` : 'Fichier reçu, vérification en cours'
      }
    },
    remove: () => box.remove(),
  }
}

// The answer is a page, perhaps after a redirection. It is shown as it came and not asked for again, because the
// notice that it carries is shown once.
const showAnswer = (request) => {
  const page = new DOMParser().parseFromString(request.responseText, 'text/html')
  if (request.status < 400) history.pushState(null, '', request.responseURL)
  document.title = page.title
  document.body.replaceWith(page.body)
  for (const script of page.head.querySelectorAll('script[src]')) {
    if (document.head.querySelector(`script[src="${script.getAttribute('src')}"]`)) continue
    const added = document.createElement('script')
    added.type = script.type
    added.src = script.src
    document.head.append(added)
  }
  scrollTo(0, 0)
  document.getElementById('contenu')?.focus({ preventScroll: true })
  document.dispatchEvent(new Event('parvis:page'))
}

const say = (form, sentence) => {
  const notice = document.createElement('div')
  notice.className = 'avis avis-erreur televersement'
  notice.setAttribute('role', 'alert')
  notice.append(Object.assign(document.createElement('p'), { textContent: sentence }))
  form.append(notice)
}

const send = (form, submitter) => {
  form.querySelector('.televersement')?.remove()
  const data = new FormData(form, submitter)
  const buttons = form.querySelectorAll('button')
  const progress = progressOf(form)
  const request = new XMLHttpRequest()
  const busy = (yes) => {
    for (const button of buttons) button.disabled = yes
  }
  busy(true)
  request.upload.addEventListener('progress', (event) => {
    if (event.lengthComputable) progress.show(event.loaded, event.total)
  })
  request.addEventListener('load', () => showAnswer(request))
  request.addEventListener('error', () => {
    progress.remove()
    busy(false)
    say(form, 'L’envoi a été interrompu. Vérifiez votre connexion, puis recommencez.')
  })
  request.open('POST', form.action)
  request.send(data)
}

const start = () => {
  for (const form of document.querySelectorAll('form[data-upload]')) {
    const inputs = [...form.querySelectorAll('input[type="file"]')]
    for (const input of inputs) input.addEventListener('change', () => check(input))
    form.addEventListener('submit', (event) => {
      const refused = inputs.filter((input) => !check(input))
      if (refused.length > 0) {
        event.preventDefault()
        refused[0].focus()
        return
      }
      if (!inputs.some((input) => input.files.length > 0)) return
      event.preventDefault()
      send(form, event.submitter)
    })
  }
}

start()
document.addEventListener('parvis:page', start)
addEventListener('popstate', () => location.reload())
