// Forms marked data-brouillon: what is typed is saved while it is typed. What cannot be saved (no connection, session
// over) stays in this browser, closed with a key of its author that only his own pages carry, and is put back when he
// comes again; menu.js ends it when he logs out. Two people at once never lose a word.

const WAIT = 1500
const PRESENCE = 20000
const MAX_SIDE = 2000

const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))

// Without https there is no cryptography in a browser: nothing is kept then.
const keyOf = (hex) =>
  crypto.subtle.importKey(
    'raw',
    Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)),
    'AES-GCM',
    false,
    ['encrypt', 'decrypt'],
  )

const close = async (hex, place, value) => {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const about = new TextEncoder().encode(place)
  const text = new TextEncoder().encode(JSON.stringify(value))
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: about },
    await keyOf(hex),
    text,
  )
  return JSON.stringify({ le: Date.now(), iv: toText(iv), texte: toText(sealed) })
}

const open = async (hex, place, kept) => {
  const { iv, texte } = JSON.parse(kept)
  const about = new TextEncoder().encode(place)
  const algorithm = { name: 'AES-GCM', iv: toBytes(iv), additionalData: about }
  return JSON.parse(
    new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, await keyOf(hex), toBytes(texte))),
  )
}

const begin = (form) => {
  if (form.dataset.pret) return
  form.dataset.pret = 'oui'
  const key = `parvis:brouillon:${form.dataset.utilisateur}:${form.dataset.brouillon}`
  const areas = [...form.querySelectorAll('textarea[name^="texte-"]')]
  const state = form.querySelector('[data-etat]')
  const idOf = (area) => area.name.slice('texte-'.length)
  const baseOf = (area) => form.elements[`base-${idOf(area)}`]
  // What came back from a session that had run out is on the page, but in no draft yet.
  const repris = form.dataset.repris !== undefined
  const saved = new Map(areas.map((area) => [area, repris && area.value !== '' ? null : area.defaultValue]))
  let timer
  let running = false

  const say = (text) => {
    if (state) state.textContent = text
  }
  const dirty = () => areas.filter((area) => area.value !== saved.get(area))
  let turn = Promise.resolve()
  const keep = () => {
    const list = dirty().map((area) => [area.name, area.value, baseOf(area).value])
    // One after the other, so that the last text is the one that stays.
    turn = turn.then(async () => {
      try {
        if (list.length === 0) localStorage.removeItem(key)
        else localStorage.setItem(key, await close(form.dataset.cle, key, list))
      } catch {
        // A full or forbidden store: the text is still on the page.
      }
    })
  }

  const conflict = ({ questionId, autre, base, par }) => {
    const box = form.querySelector(`[data-conflit="${questionId}"]`)
    const area = form.elements[`texte-${questionId}`]
    if (!box || !area) return
    const text = document.createElement('blockquote')
    text.className = 'texte-libre'
    text.textContent = autre
    const button = (label, act) => {
      const one = document.createElement('button')
      one.type = 'button'
      one.className = 'btn btn-sm'
      one.textContent = label
      one.addEventListener('click', () => {
        baseOf(area).value = base
        saved.set(area, autre)
        act()
        box.hidden = true
        box.replaceChildren()
        area.focus()
        later()
      })
      return one
    }
    const title = document.createElement('p')
    title.textContent = `${par} a écrit ici en même temps que vous. Son texte, enregistré :`
    const mine = button('Garder mon texte', () => undefined)
    const theirs = button('Reprendre le sien', () => {
      area.value = autre
    })
    const both = button('Garder les deux', () => {
      area.value = `${autre}\n\n${area.value}`
    })
    box.className = 'avis avis-alerte avis-conflit'
    box.setAttribute('role', 'alert')
    box.replaceChildren(title, text, mine, theirs, both)
    box.hidden = false
  }

  const writing = (name) => {
    let notice = document.querySelector('[data-ecrit]')
    if (!name) {
      notice?.remove()
      return
    }
    if (!notice) {
      notice = document.createElement('div')
      notice.className = 'avis avis-info'
      notice.dataset.ecrit = ''
      notice.setAttribute('role', 'status')
      notice.append(document.createElement('p'))
      form.before(notice)
    }
    notice.querySelector('p').textContent =
      `${name} écrit en ce moment dans ce brouillon. Vous pouvez écrire aussi : rien ne s’efface.`
  }

  const save = async () => {
    if (running) return later()
    const list = dirty()
    keep()
    if (list.length === 0) return
    running = true
    const sent = new Map(list.map((area) => [area, area.value]))
    const body = new URLSearchParams({ _csrf: form.elements._csrf.value })
    for (const area of list) {
      body.set(area.name, area.value)
      body.set(`base-${idOf(area)}`, baseOf(area).value)
    }
    try {
      const answer = await fetch(`${form.action}/brouillon`, {
        method: 'POST',
        body,
        redirect: 'error',
        headers: { accept: 'application/json' },
      })
      const type = answer.headers.get('content-type') ?? ''
      if (!type.includes('json')) throw new Error(String(answer.status))
      const result = await answer.json()
      if (result.ferme) {
        say(`${result.ferme} Votre texte reste gardé dans ce navigateur.`)
        return
      }
      for (const [id, { base, texte }] of Object.entries(result.bases ?? {})) {
        const area = form.elements[`texte-${id}`]
        baseOf(area).value = base
        saved.set(area, sent.get(area) ?? texte)
      }
      for (const one of result.conflits ?? []) conflict(one)
      writing(result.ecrit)
      keep()
      say(
        result.conflits?.length
          ? 'Deux textes pour la même question : choisissez.'
          : `Brouillon enregistré à ${result.heure}`,
      )
    } catch {
      say(
        crypto.subtle
          ? 'Non enregistré : votre texte est gardé dans ce navigateur. Reconnectez-vous, vous le retrouverez ici.'
          : 'Non enregistré : cliquez sur « Enregistrer le brouillon » pour le garder.',
      )
    } finally {
      running = false
    }
  }

  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), WAIT)
  }

  const restore = async () => {
    let kept
    try {
      const closed = localStorage.getItem(key)
      if (closed === null) return
      kept = await open(form.dataset.cle, key, closed)
    } catch {
      return
    }
    if (!Array.isArray(kept)) return
    const found = kept.filter(([name, value]) => {
      const area = form.elements[name]
      return area && area.value !== value && value !== ''
    })
    const notice = document.querySelector('[data-retrouve]')
    if (found.length === 0) {
      localStorage.removeItem(key)
      return
    }
    const before = new Map()
    for (const [name, value, base] of found) {
      const area = form.elements[name]
      before.set(area, [area.value, baseOf(area).value])
      area.value = value
      baseOf(area).value = base
      area.classList.add('champ-retrouve')
    }
    if (notice) {
      notice.hidden = false
      notice.querySelector('[data-oublier]').addEventListener('click', () => {
        for (const [area, [value, base]] of before) {
          area.value = value
          baseOf(area).value = base
          area.classList.remove('champ-retrouve')
        }
        localStorage.removeItem(key)
        notice.hidden = true
      })
    }
  }

  // Photos of a telephone weigh 3 to 5 Mo each: made smaller here, several fit in one PDF.
  const shrink = async (file) => {
    if (!/^image\/(jpeg|png)$/.test(file.type) || file.size < 700_000) return file
    const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, MAX_SIDE / Math.max(image.width, image.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(image.width * scale)
    canvas.height = Math.round(image.height * scale)
    const context = canvas.getContext('2d')
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8))
    if (!blob || blob.size >= file.size) return file
    return new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' })
  }

  const join = async (input) => {
    const box = form.elements[`photos-${input.name.slice('fichiers-'.length)}`]
    if (box?.checked && input.files.length > 1) {
      const smaller = new DataTransfer()
      for (const file of input.files) smaller.items.add(await shrink(file).catch(() => file))
      input.files = smaller.files
    }
    if (input.getAttribute('aria-invalid') === 'true') return
    form.requestSubmit(form.querySelector('button[name="geste"][value="brouillon"]'))
  }

  void restore().then(() => {
    if (dirty().length > 0) say('Texte non enregistré')
  })
  form.addEventListener('input', (event) => {
    if (!event.target.matches?.('textarea')) return
    keep()
    say('Enregistrement…')
    later()
  })
  form.addEventListener('change', (event) => {
    // A file joined is a file kept: it goes to the server at once, with the texts.
    if (event.target.matches?.('input[type="file"]') && event.target.files.length > 0) void join(event.target)
  })
  form.addEventListener('submit', () => {
    clearTimeout(timer)
    keep()
  })
  addEventListener('online', () => void save())
  const presence = setInterval(async () => {
    if (!form.isConnected) return clearInterval(presence)
    if (document.hidden) return
    const answer = await fetch(`${form.action}/brouillon`, { redirect: 'error' }).catch(() => null)
    if (answer?.ok) writing((await answer.json()).ecrit)
  }, PRESENCE)
}

const start = () => {
  // The page before the sending shows what the server holds: this browser needs no copy any more.
  for (const { dataset } of document.querySelectorAll('[data-brouillon-enregistre]'))
    localStorage.removeItem(`parvis:brouillon:${dataset.utilisateur}:${dataset.brouillonEnregistre}`)
  for (const form of document.querySelectorAll('form[data-brouillon]')) begin(form)
}

start()
document.addEventListener('parvis:page', start)
