import { type Route, page } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { ETATS, etatOf } from '../comptes/compte.ts'
import { type Personne, ROLES, droitsOf } from './personne.ts'
import { listPersonnel } from './queries.ts'

function columns(today: string): Column<Personne>[] {
  return [
    { titre: 'Nom', largeur: 28, valeur: (row) => row.nom },
    { titre: 'Prénom', largeur: 20, valeur: (row) => row.prenom },
    { titre: 'Fonction', largeur: 28, valeur: (row) => row.fonction },
    { titre: 'Adresse électronique', largeur: 36, valeur: (row) => row.courriel },
    { titre: 'Rôle', largeur: 16, valeur: (row) => ROLES[row.role] },
    { titre: 'Droits', largeur: 50, valeur: (row) => droitsOf(row) },
    { titre: 'État', largeur: 16, valeur: (row) => ETATS[etatOf(row, today)].libelle },
    { titre: 'Deux étapes', valeur: (row) => (row.facteur_le === null ? 'non' : 'oui') },
    { titre: 'Dernière connexion', genre: 'jour', valeur: (row) => row.derniere_connexion_le },
    { titre: 'Parti le', genre: 'jour', valeur: (row) => row.parti_le },
  ]
}

/** Who may do what, as a file: for the review of rights. */
export const exportation: Route[] = [
  page('/gestion/personnel.:format', {
    can: 'personnel.manage',
    stepUp: true,
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'personnel',
        title: 'Personnel',
        columns: columns(ctx.today),
        batches: inBatches(() => listPersonnel(ctx.db), Infinity),
        note: { action: 'personnel.exporte', objet: 'personnel' },
      }),
  }),
]
