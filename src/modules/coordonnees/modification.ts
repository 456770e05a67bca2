import { datetime } from '../../kernel/formats.ts'
import { Refusal } from '../../kernel/errors.ts'
import type { Attente, Coordonnees, Issue } from './queries.ts'
import { type Valeur, ZONES, type Zone, identiques, lisible, zones } from './zones.ts'

/** What the fiche says of a zone today. */
export function valeurDe(c: Omit<Coordonnees, 'attentes'>, zone: Zone): Valeur {
  const one = (text: string) => (text === '' ? [] : [text])
  switch (zone) {
    case 'siret':
      return one(c.siret)
    case 'statut-juridique':
      return one(c.statut_juridique)
    case 'profession':
      return c.professions
    case 'adresse-professionnelle':
      return c.adresse_professionnelle
    case 'adresse-personnelle':
      return c.adresse_personnelle
    case 'telephones':
      return c.telephones
    case 'courriel':
      return one(c.courriel)
  }
}

export function attenteDe(c: Coordonnees, zone: Zone): Attente | undefined {
  return c.attentes.find((attente) => attente.zone === zone)
}

/** A request must want something else than what is there, and than what was asked already. @throws Refusal */
export function refuseUnchanged(
  zone: Zone,
  actuelle: Valeur,
  attente: Attente | undefined,
  voulue: Valeur,
): void {
  if (identiques(zone, actuelle, voulue)) {
    throw new Refusal(
      attente
        ? 'C’est déjà la valeur de votre fiche. Pour renoncer à votre demande en cours, retirez-la.'
        : 'C’est déjà la valeur de votre fiche\u00a0: aucune demande n’a été envoyée.',
    )
  }
  if (attente && identiques(zone, attente.apres, voulue)) {
    throw new Refusal('Vous avez déjà demandé cette valeur\u00a0: votre demande est en cours de traitement.')
  }
}

const FAITE: Record<Issue, string> = {
  acceptee: 'acceptée',
  refusee: 'refusée',
  retiree: 'retirée par son auteur',
  remplacee: 'remplacée par une demande plus récente',
}

/** A request is decided once. `par` is the name of whoever was first. @throws Refusal */
export function refuseClosed(m: { issue: Issue | null; close_le: string | null }, par: string | null): void {
  if (m.issue === null) return
  const who = par !== null && (m.issue === 'acceptee' || m.issue === 'refusee') ? ` par ${par}` : ''
  throw new Refusal(
    `Cette demande a déjà été ${FAITE[m.issue]}${who}, le ${datetime(m.close_le)}. Rien n’a été changé.`,
  )
}

const ETATS: Record<Issue | 'attente', { libelle: string; genre: string }> = {
  attente: { libelle: 'En cours de traitement', genre: 'attente' },
  acceptee: { libelle: 'Acceptée', genre: 'succes' },
  refusee: { libelle: 'Refusée', genre: 'erreur' },
  retiree: { libelle: 'Retirée', genre: 'neutre' },
  remplacee: { libelle: 'Remplacée', genre: 'neutre' },
}

/** The word of a status and the colour of its pill. */
export function etatDe(issue: Issue | null): { libelle: string; genre: string } {
  return ETATS[issue ?? 'attente']
}

interface ZoneFiche {
  libelle: string
  valeur?: string | undefined
  lignes?: string[]
  href?: string
  modifier?: string
  attente?: { lignes: string[]; date: string }
}

/** The zones under their headings, as `macros/fiche.njk` prints them; `modifier` gives each its pencil. */
export function groupesDe(c: Coordonnees, modifier?: (zone: Zone) => string, shown: readonly Zone[] = ZONES) {
  const groups = new Map<string, ZoneFiche[]>()
  for (const zone of shown) {
    const { libelle, groupe } = zones[zone]
    const lines = lisible(zone, valeurDe(c, zone))
    const attente = attenteDe(c, zone)
    const entry: ZoneFiche = {
      libelle,
      ...(lines.length > 1 ? { lignes: lines } : { valeur: lines[0] }),
      ...(zone === 'courriel' && lines[0] ? { href: `mailto:${lines[0]}` } : {}),
      ...(modifier ? { modifier: modifier(zone) } : {}),
      ...(attente ? { attente: { lignes: lisible(zone, attente.apres), date: attente.demande_le } } : {}),
    }
    groups.set(groupe, [...(groups.get(groupe) ?? []), entry])
  }
  return [...groups].map(([titre, list]) => ({ titre, zones: list }))
}
