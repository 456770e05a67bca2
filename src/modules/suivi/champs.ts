import { CATEGORIES } from '../adherents/liste.ts'
import type { Mots } from './presentation.ts'
import type { Question } from './question.ts'
import { ATTENTES, ETAPES, PAPIERS, SITUATIONS } from './situation.ts'

interface Choix {
  valeur: string
  libelle: string
}

/** The fields of the search of the list: those of every day, and the others behind a fold. */
export function champsDe(
  q: Question,
  mots: Mots,
  known: { structures: Choix[]; professions: string[]; regimes: string[] },
) {
  const plain = (list: readonly string[]) => list.map((valeur) => ({ valeur, libelle: valeur }))
  const all = (libelle: string, list: Choix[]) => [{ valeur: '', libelle }, ...list]
  const autres = [
    {
      nom: 'situation',
      libelle: 'Situation',
      choix: all('Toutes', SITUATIONS.map((s) => ({ valeur: s, libelle: mots.situations[s] }))),
    },
    {
      nom: 'attente',
      libelle: 'Chez',
      choix: all('Tous', ATTENTES.map((a) => ({ valeur: a, libelle: mots.attentes[a] }))),
    },
    {
      nom: 'fait',
      libelle: 'Fait',
      choix: all('–', PAPIERS.map((p) => ({ valeur: p, libelle: mots.papiers[p].fait }))),
    },
    {
      nom: 'reste',
      libelle: 'Reste à faire',
      choix: all('–', PAPIERS.map((p) => ({ valeur: p, libelle: mots.papiers[p].reste }))),
    },
    { nom: 'profession', libelle: 'Profession', choix: all('Toutes', plain(known.professions)) },
    { nom: 'categorie', libelle: 'Catégorie', choix: all('Toutes', plain(CATEGORIES)) },
    { nom: 'regime', libelle: 'Régime fiscal', choix: all('Tous', plain(known.regimes)) },
  ] // prettier-ignore
  const values = q as unknown as Record<string, string>
  return {
    courants: [
      { nom: 'numero', libelle: 'N°' },
      { nom: 'nom', libelle: 'Nom' },
      { nom: 'cabinet', libelle: mots.attentes.cabinet, choix: known.structures },
      {
        nom: 'etape',
        libelle: 'Étape',
        choix: all('Toutes', ETAPES.map((e) => ({ valeur: e, libelle: mots.etapes[e] }))),
      },
      { nom: 'retard', libelle: 'Échéance', choix: RETARD },
      { nom: 'nonlu', libelle: 'Lecture', choix: LECTURE },
    ], // prettier-ignore
    autres,
    ouverts: autres.some(({ nom }) => values[nom] !== ''),
  }
}

const RETARD: Choix[] = [
  { valeur: '', libelle: 'Toutes' },
  { valeur: 'oui', libelle: 'Dépassée' },
  { valeur: 'bientot', libelle: 'Dans les 30 jours' },
  { valeur: 'liasse', libelle: 'Liasse en retard' },
  { valeur: 'controle', libelle: 'Contrôle en retard' },
  { valeur: 'compte_rendu', libelle: 'Compte rendu en retard' },
  { valeur: 'dossier_gestion', libelle: 'Dossier de gestion en retard' },
  { valeur: 'reponse', libelle: 'Réponse en retard' },
]
const LECTURE: Choix[] = [
  { valeur: '', libelle: 'Indifférente' },
  { valeur: 'oui', libelle: 'Quelque chose de non lu' },
  { valeur: 'documents', libelle: 'Document non lu' },
  { valeur: 'courriers', libelle: 'Courrier non lu' },
]
