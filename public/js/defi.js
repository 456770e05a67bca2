// « Je ne suis pas un robot »: before the form leaves, the browser does about a second of work that the server set.
// The work is altcha's, done in workers; when it cannot be done here, the form leaves without it.

const workerUrl = new URL('altcha-pbkdf2.js', import.meta.url)
const VALID_MS = 10 * 60 * 1000

const solve = (challenge) => {
  const count = Math.min(4, navigator.hardwareConcurrency || 2)
  const workers = Array.from({ length: count }, () => new Worker(workerUrl))
  const done = workers.map(
    (worker, index) =>
      new Promise((resolve, reject) => {
        worker.addEventListener('error', reject)
        worker.addEventListener('message', ({ data }) => (data && !data.error ? resolve(data) : reject(data)))
        worker.postMessage({
          type: 'work',
          challenge,
          counterStart: index,
          counterStep: count,
          timeout: 60000,
        })
      }),
  )
  return Promise.any(done).finally(() => {
    for (const worker of workers) worker.terminate()
  })
}

const start = () => {
  for (const field of document.querySelectorAll('[data-defi]')) {
    const form = field.closest('form')
    const box = field.querySelector('.defi-case')
    const tick = box.querySelector('input')
    const state = box.querySelector('.defi-etat')
    const proof = field.querySelector('input[name="defi"]')
    let work

    const reset = () => {
      work = undefined
      proof.value = ''
      tick.checked = false
      tick.disabled = false
      state.textContent = ''
    }
    const run = async () => {
      tick.checked = true
      tick.disabled = true
      state.textContent = 'Vérification en cours…'
      try {
        const challenge = await (await fetch(field.dataset.defi)).json()
        const solution = await solve(challenge)
        proof.value = btoa(JSON.stringify({ challenge, solution }))
        state.textContent = 'Vérifié'
        setTimeout(reset, VALID_MS)
      } catch {
        state.textContent = 'La vérification n’a pas pu se faire sur cet appareil.'
      }
    }

    box.hidden = false
    tick.addEventListener('change', () => {
      if (tick.checked) work ??= run()
    })
    form.addEventListener('submit', async (event) => {
      if (proof.value !== '' || field.dataset.parti) return
      event.preventDefault()
      work ??= run()
      await work
      field.dataset.parti = 'oui' // solved or not, it leaves now
      form.requestSubmit(event.submitter)
    })
    addEventListener('pageshow', ({ persisted }) => {
      if (!persisted) return
      delete field.dataset.parti
      reset()
    })
  }
}

start()
document.addEventListener('parvis:page', start)
