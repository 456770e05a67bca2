import { date, euros, nombre, octets } from '../../kernel/formats.ts'
import type { Rapport } from './controle/rapport.ts'

/** What the file is, for the page and for the paper. */
export function factsOf(rapport: Rapport): [string, string][] {
  const { exercice } = rapport
  return [
    ['Exercice', exercice ? `du ${date(exercice.debut)} au ${date(exercice.fin)}` : 'non connu'],
    ['Taille', octets(rapport.taille)],
    ['Lignes', nombre(rapport.lignes)],
    ['Écritures', nombre(rapport.ecritures)],
    [
      'Première et dernière dates',
      rapport.premiere ? `${date(rapport.premiere)} – ${date(rapport.derniere)}` : '',
    ],
    ['Total des débits', euros(rapport.debit, true)],
    ['Total des crédits', euros(rapport.credit, true)],
    ['Produits moins charges', euros(rapport.resultat, true)],
    ['Colonnes', `${rapport.colonnes} (modèle ${MODELES[rapport.profil]})`],
    ['Montants', rapport.montantSens ? 'montant et sens' : 'débit et crédit'],
    ['Séparateur', rapport.separateur],
    ['Encodage', rapport.bom ? `${rapport.encodage}, avec marque de début` : rapport.encodage],
  ]
}

const MODELES: Record<Rapport['profil'], string> = {
  BIC: 'commercial',
  COM: 'comptabilité d’engagement',
  BAT: 'agricole, trésorerie',
  BNCT: 'libéral, trésorerie',
}
