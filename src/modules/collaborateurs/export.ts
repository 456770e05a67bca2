import type { Column } from '../../kernel/tableur/export.ts'
import { COMPTES, type Collaborateur, etatCompte } from './collaborateur.ts'

type Ligne = Collaborateur & { dossiers: number }

/** The people of a firm, as a table. */
export function colonnes(ouverts: boolean, today: string): Column<Ligne>[] {
  return [
    { titre: 'Code', valeur: (row) => row.login },
    { titre: 'Civilité', valeur: (row) => row.civilite },
    { titre: 'Nom', largeur: 24, valeur: (row) => row.nom },
    { titre: 'Prénom', largeur: 20, valeur: (row) => row.prenom },
    { titre: 'Fonction', largeur: 28, valeur: (row) => row.fonction },
    { titre: 'Adresse électronique', largeur: 34, valeur: (row) => row.courriel },
    { titre: 'Rôle', valeur: (row) => (row.role === 'superviseur' ? 'Superviseur' : 'Collaborateur') },
    { titre: 'Dossiers', genre: 'nombre', valeur: (row) => row.dossiers },
    { titre: 'Compte', valeur: (row) => COMPTES[etatCompte(row, ouverts, today)].libelle },
    { titre: 'Départ le', genre: 'jour', valeur: (row) => row.parti_le },
  ]
}
