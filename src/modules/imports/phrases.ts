import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'import.depose': 'Fichier à importer déposé',
  'import.essai': 'Essai d’un import lancé',
  'import.colonnes': 'Colonnes d’un import revues',
  'import.confirme': 'Import confirmé',
  'import.applique': 'Import enregistré',
  'import.fiche': 'Fiche enregistrée par un import',
  'import.abandonne': 'Import abandonné',
  'import.a-corriger': 'Lignes refusées d’un import exportées',
  'imports.exportes': 'Liste des imports exportée',
  'import.modele': 'Modèle de fichier à importer téléchargé',
  'gestion.imports.manage': 'Import préparé ou confirmé',
}
