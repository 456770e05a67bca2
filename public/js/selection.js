// Counts the selection again while one chooses. Without JavaScript the button « Compter » does it.

const box = document.querySelector('[data-selection]')
const place = document.querySelector('[data-selection-compte]')
const form = box?.closest('form')

let waiting
let asked = 0

const count = async () => {
  const fields = new URLSearchParams()
  for (const input of box.querySelectorAll('[name]')) {
    if (input.type === 'checkbox' ? input.checked : input.value) fields.set(input.name, input.value)
  }
  const turn = ++asked
  // A list of thousands of numbers does not fit into an address: the page counts it.
  if (String(fields).length > 6000) return void (place.textContent = 'Le compte se fera à l’étape suivante.')
  try {
    const answer = await fetch(`/gestion/selections/compte?${fields}`, { headers: { Accept: 'application/json' } })
    if (answer.ok && turn === asked) place.textContent = (await answer.json()).phrase
  } catch {
    // The network is away: the next step counts.
  }
}

if (box && place && form) {
  box.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(count, 300)
  })
}
