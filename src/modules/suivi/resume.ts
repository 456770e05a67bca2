import { date } from '../../kernel/formats.ts'
import type { Mots } from './presentation.ts'
import type { Question } from './question.ts'

const RETARD: Record<string, string> = {
  oui: 'échéance dépassée',
  liasse: 'liasse en retard',
  controle: 'contrôle en retard',
  compte_rendu: 'compte rendu en retard',
  dossier_gestion: 'dossier de gestion en retard',
  reponse: 'réponse en retard',
  bientot: 'échéance dans les 30 jours',
}
const LIMITE = {
  liasse: 'liasse',
  controle: 'contrôle',
  compte_rendu: 'compte rendu',
  dossier_gestion: 'dossier de gestion',
}
const NON_LU: Record<string, string> = {
  oui: 'non lu',
  documents: 'document non lu',
  courriers: 'courrier non lu',
}

/** What a list is filtered by, in words. @param cabinet its name, when the filter holds one */
export function resumeDe(q: Question, mots: Mots, cabinet?: string): string {
  const parts = [
    q.exercice === undefined ? 'dernier exercice' : `exercice ${q.exercice}`,
    q.cabinet === 'aucun' ? 'sans cabinet' : q.cabinet !== '' && (cabinet ?? 'un cabinet'),
    q.etape !== '' && lower(mots.etapes[q.etape]),
    q.situation !== '' && lower(mots.situations[q.situation]),
    q.attente !== '' && `chez\u00a0: ${lower(mots.attentes[q.attente])}`,
    q.retard !== '' && RETARD[q.retard],
    q.jour !== '' && `échéance du ${date(q.jour)}${q.limite === '' ? '' : ` (${LIMITE[q.limite]})`}`,
    q.nonlu !== '' && NON_LU[q.nonlu],
    q.fait !== '' && lower(mots.papiers[q.fait].fait),
    q.reste !== '' && lower(mots.papiers[q.reste].reste),
    q.profession,
    q.categorie,
    q.regime,
    q.numero !== '' && `n° ${q.numero}…`,
    q.nom !== '' && `«\u00a0${q.nom}\u00a0»`,
  ]
  return parts.filter((part) => part !== false && part !== '').join(', ')
}

/** Within a sentence; what is spelt in capitals stays. */
function lower(text: string): string {
  return /^\p{Lu}{2}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)
}
