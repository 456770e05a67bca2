import { parseSiret } from '../../../kernel/identifiants.ts'
import { AILLEURS, type Annonce, type Connu, judge } from './mouvement.ts'

/** Lines of one paste. */
export const MAX_LIGNES = 10_000

export interface LigneCollee extends Annonce {
  /** Its place in the text, from 1. */
  ligne: number
  profession: string
}

export interface Faute {
  ligne: number
  phrase: string
}

/**
 * Reads « n° ; nom ; siret ; profession », one client a line, semicolons or tabs (as a spreadsheet pastes). Blank lines
 * and a line of titles are skipped, a SIRET that comes twice counts once.
 */
export function readPaste(text: string): { lignes: LigneCollee[]; fautes: Faute[]; doubles: number } {
  const lignes: LigneCollee[] = []
  const fautes: Faute[] = []
  const seen = new Set<string>()
  let doubles = 0
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return
    const ligne = index + 1
    const cells = line
      .split(line.includes('\t') ? '\t' : ';')
      .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
    const [numero = '', nom = '', typed = '', profession = ''] = cells
    if (/^(n°|num[ée]ro)/i.test(numero) && /^siret$/i.test(typed)) return
    const fault = faultOf(cells)
    if (fault !== null) return void fautes.push({ ligne, phrase: fault })
    const siret = parseSiret(typed)!
    if (seen.has(siret)) return void (doubles += 1)
    seen.add(siret)
    lignes.push({ ligne, numero, nom: nom.normalize('NFC'), siret, profession })
  })
  return { lignes, fautes, doubles }
}

function faultOf(cells: string[]): string | null {
  const [numero = '', nom = '', siret = '', profession = ''] = cells
  if (cells.length < 3)
    return 'il manque des colonnes\u00a0: écrivez «\u00a0n° ; nom ; siret ; profession\u00a0».'
  if (nom === '') return 'le nom manque.'
  if (nom.length > 150 || profession.length > 80 || numero.length > 20) return 'un texte est trop long.'
  if (siret === '') return 'le SIRET manque.'
  if (parseSiret(siret) !== null) return null
  const digits = siret.replace(/\D/g, '').length
  return digits === 14
    ? `le SIRET ${siret} n’est pas valide, sa clé de contrôle ne correspond pas.`
    : `un SIRET compte 14 chiffres\u00a0; il y en a ${digits} ici.`
}

export interface Tri {
  /** To be added. */
  nouvelles: (LigneCollee & { adherentId: string | null })[]
  /** Already clients of the firm. */
  deja: number
  fautes: Faute[]
}

/** Sets apart what is new, what is there already and what cannot be, from what the organisme knows. */
export function sortPaste(lignes: readonly LigneCollee[], connus: readonly Connu[]): Tri {
  const bySiret = group(connus, (c) => c.siret)
  const byNumero = group(connus, (c) => c.numero)
  const result: Tri = { nouvelles: [], deja: 0, fautes: [] }
  for (const one of lignes) {
    const about = [...(bySiret.get(one.siret) ?? []), ...(one.numero ? (byNumero.get(one.numero) ?? []) : [])]
    const verdict = judge(one, about)
    if (verdict.genre === 'deja') result.deja += 1
    else if (verdict.genre === 'faute') result.fautes.push({ ligne: one.ligne, phrase: verdict.phrase })
    else if (verdict.genre === 'ailleurs') {
      result.fautes.push({
        ligne: one.ligne,
        phrase: `${AILLEURS} Ajoutez-le seul, par «\u00a0Ajouter un client\u00a0».`,
      })
    } else result.nouvelles.push({ ...one, adherentId: verdict.connu?.adherent_id ?? null })
  }
  return result
}

function group<T>(list: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const found = groups.get(key(one))
    if (found) found.push(one)
    else groups.set(key(one), [one])
  }
  return groups
}
