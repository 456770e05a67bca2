import { z } from 'zod'
import { Refusal } from '../../../kernel/errors.ts'
import { pluriel } from '../../../kernel/formats.ts'
import { type Route, act, page, redirect, view } from '../../../kernel/page.ts'
import { BASE, trail } from './chemin.ts'
import { MAX_LIGNES, readPaste, sortPaste } from './collage.ts'
import { collage } from './forms.ts'
import { connus, insertArrivees } from './queries.ts'

/** Faults of a paste that are told at once. */
const MAX_FAUTES = 50

/** Many clients who come, pasted from a table. */
export const coller: Route[] = [
  page(`${BASE}/collage`, {
    can: 'clients.update',
    run: () => view('clients/collage', { maxLignes: MAX_LIGNES, breadcrumb: trail('Coller une liste') }),
  }),
  act(`${BASE}/collage`, {
    can: 'clients.update',
    form: collage,
    large: true,
    async run({ db, form, today, note }) {
      const read = readPaste(form.lignes)
      if (read.lignes.length + read.fautes.length > MAX_LIGNES) {
        throw new Refusal(`Collez ${MAX_LIGNES} lignes au plus à la fois.`, 'lignes')
      }
      const sorted = sortPaste(
        read.lignes,
        await connus(db, read.lignes.map((l) => l.siret), read.lignes.map((l) => l.numero)), // prettier-ignore
      )
      refuseFaults([...read.fautes, ...sorted.fautes])
      const added = sorted.nouvelles.length === 0 ? 0 : await insertArrivees(db, today, sorted.nouvelles)
      const there = read.lignes.length + read.doubles - added
      note({ action: 'clients.colles', objet: 'mouvement', detail: { ajoutes: added, deja: there } })
      return redirect(BASE, pasted(added, there))
    },
  }),
]

/** Nothing of a paste is kept while a line is wrong: each fault is told with its line. */
function refuseFaults(fautes: readonly { ligne: number; phrase: string }[]): void {
  if (fautes.length === 0) return
  const sorted = [...fautes].sort((a, b) => a.ligne - b.ligne)
  const issues = sorted.slice(0, MAX_FAUTES).map(({ ligne: n, phrase }) => ({
    code: 'custom' as const,
    path: ['lignes', String(n)],
    message: `Ligne ${n}\u00a0: ${phrase.charAt(0).toLowerCase()}${phrase.slice(1)}`,
    input: undefined,
  }))
  if (sorted.length > MAX_FAUTES) {
    const message = `Et ${sorted.length - MAX_FAUTES} autres lignes à corriger.`
    issues.push({ code: 'custom', path: ['lignes', 'autres'], message, input: undefined })
  }
  throw new z.ZodError(issues)
}

function pasted(added: number, there: number): string {
  const deja = `${pluriel(there, 'client était', 'clients étaient')} déjà dans votre liste ou en attente`
  if (added === 0) return `Rien de nouveau dans ce collage\u00a0: ${deja}.`
  const sentence = `${pluriel(added, 'client ajouté', 'clients ajoutés')} à «\u00a0Nouveaux clients\u00a0»`
  return there === 0 ? `${sentence}.` : `${sentence}\u00a0; ${deja}.`
}
