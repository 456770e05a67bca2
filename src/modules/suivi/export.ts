import { type Route, page } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { readRegles } from '../clotures/queries.ts'
import { LISTE } from './paths.ts'
import { type Mots, motsDe } from './presentation.ts'
import { filtresDe, question } from './question.ts'
import { type Ligne, listDossiers } from './queries.ts'
import { campagne } from './routes.ts'

/** The list of dossiers with the filters and the order of the page, for a spreadsheet. */
export const exportation: Route[] = [
  page(`${LISTE}.:format`, {
    can: 'gestion.suivi.read',
    stepUp: true,
    words: FORMATS,
    query: question,
    journal: true,
    async run(ctx) {
      const { db, organisme, query, today } = ctx
      const { exercice } = await campagne(db, query.exercice, today)
      const mots = motsDe(organisme, await readRegles(db), today)
      const ask = { ...query, exercice, avant: undefined }
      return exportTable<Ligne>(ctx, {
        name: `suivi-${exercice}`,
        title: `Suivi ${exercice}`,
        columns: columnsOf(mots),
        batches: inBatches((last, size) => listDossiers(db, { ...ask, apres: last?.id }, today, size)),
        note: { action: 'suivi.exporte', objet: 'suivi', detail: { ...filtresDe(ask) } },
      })
    },
  }),
]

const yesNo = (value: boolean) => (value ? 'oui' : 'non')

function columnsOf(mots: Mots): Column<Ligne>[] {
  const { papiers } = mots
  return [
    { titre: 'N°', valeur: (r) => r.numero },
    { titre: 'Civilité', valeur: (r) => r.civilite },
    { titre: 'Nom ou dénomination', largeur: 36, valeur: (r) => r.denomination },
    { titre: 'Cabinet', valeur: (r) => r.cabinet_numero },
    { titre: 'Nom du cabinet', largeur: 30, valeur: (r) => r.cabinet_nom },
    { titre: 'Profession', largeur: 24, valeur: (r) => r.profession },
    { titre: 'Catégorie', valeur: (r) => r.categorie },
    { titre: 'Régime fiscal', largeur: 22, valeur: (r) => r.regime_fiscal },
    { titre: 'Clôture le', genre: 'jour', valeur: (r) => r.fin },
    { titre: 'Situation', largeur: 30, valeur: (r) => mots.situations[r.situation] },
    { titre: 'Chez', valeur: (r) => (r.attente === 'personne' ? '' : mots.attentes[r.attente]) },
    { titre: 'Échéance', genre: 'jour', valeur: (r) => r.echeance },
    { titre: 'Liasse avant le', genre: 'jour', valeur: (r) => r.liasse_avant },
    { titre: 'Contrôle avant le', genre: 'jour', valeur: (r) => r.controle_avant },
    { titre: 'Compte rendu avant le', genre: 'jour', valeur: (r) => r.compte_rendu_avant },
    { titre: 'Dossier de gestion avant le', genre: 'jour', valeur: (r) => r.dossier_gestion_avant },
    { titre: 'Réponse avant le', genre: 'jour', valeur: (r) => r.reponse_avant },
    { titre: papiers.liasse.fait, valeur: (r) => yesNo(r.liasse_faite) },
    { titre: papiers.controle.fait, valeur: (r) => yesNo(r.controle_fait) },
    { titre: papiers.compte_rendu.fait, valeur: (r) => yesNo(r.compte_rendu_fait) },
    { titre: papiers.attestation.fait, valeur: (r) => yesNo(r.attestation_faite) },
    { titre: papiers.dossier_gestion.fait, valeur: (r) => yesNo(r.dossier_gestion_fait) },
    { titre: 'Documents non lus', genre: 'nombre', valeur: (r) => r.documents_non_lus },
    { titre: 'Courriers non lus', genre: 'nombre', valeur: (r) => r.courriers_non_lus },
  ]
}
