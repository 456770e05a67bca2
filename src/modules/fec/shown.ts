import { GRAVITES } from './controle/constats.ts'
import { conclusionDe } from './conclusion.ts'
import { factsOf } from './faits.ts'
import { GRAVITES_LIBELLES, compteDe, phraseDe } from './explications.ts'
import type { Controle, ControleFiche } from './queries.ts'
import type { Rapport } from './controle/rapport.ts'
import { effacementDe } from './effacement.ts'

const ETATS = {
  en_attente: { libelle: 'contrôle en attente', genre: 'attente' },
  en_cours: { libelle: 'contrôle en cours', genre: 'cours' },
  echec: { libelle: 'contrôle impossible', genre: 'erreur' },
} as const

/** The state of a check in a word, with its colour. */
export function pastilleDe({ etat, conforme, alertes }: Pick<Controle, 'etat' | 'conforme' | 'alertes'>) {
  if (etat !== 'fait') return ETATS[etat]
  if (!conforme) return { libelle: 'non conforme', genre: 'erreur' }
  return alertes > 0
    ? { libelle: 'conforme, avec alertes', genre: 'alerte' }
    : { libelle: 'conforme', genre: 'succes' }
}

/** A check in the list of a transfer. */
export function ligneDe(controle: Controle) {
  return {
    id: controle.id,
    nom: controle.nom,
    url: `/fec/${controle.id}`,
    pastille: pastilleDe(controle),
    effacement: effacementDe(controle),
  }
}

/** What the page of a report shows. */
export function rapportMontre(controle: ControleFiche) {
  const { rapport } = controle
  return {
    pastille: pastilleDe(controle),
    effacement: effacementDe(controle),
    vivant: controle.etat === 'en_attente' || controle.etat === 'en_cours',
    part: controle.taille > 0 ? Math.min(99, Math.floor((controle.lus / controle.taille) * 100)) : 0,
    ...(rapport
      ? {
          conclusion: conclusionDe(rapport),
          groupes: groupesDe(rapport),
          faits: factsOf(rapport),
          comptes: comptesDe(rapport),
        }
      : {}),
  }
}

function groupesDe({ constats }: Rapport) {
  return GRAVITES.map((gravite) => ({
    gravite,
    ...GRAVITES_LIBELLES[gravite],
    constats: constats
      .filter((constat) => constat.gravite === gravite)
      .map((constat) => ({
        ...constat,
        ...phraseDe(constat),
        compte: compteDe(constat),
        lignes: constat.lignes.filter(({ n, texte }) => n !== 0 || texte !== ''),
        reste: Math.max(0, constat.code === 'numerotation' ? 0 : constat.nombre - constat.lignes.length),
      })),
  })).filter((groupe) => groupe.constats.length > 0)
}

/** « 2 anomalies bloquantes », « 1 alerte », … in their order. */
function comptesDe({ constats }: Rapport) {
  return GRAVITES.map((gravite) => {
    const n = constats.filter((constat) => constat.gravite === gravite).length
    const { un, plusieurs, icone, avis } = GRAVITES_LIBELLES[gravite]
    return { n, libelle: n > 1 ? plusieurs : un, icone, avis, gravite }
  }).filter(({ n }) => n > 0)
}
