import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'statistiques.essai': 'Import de statistiques essayé',
  'statistiques.import': 'Statistiques importées',
  'statistiques.export': 'Statistiques exportées',
  'statistiques.read': 'Statistiques consultées',
  'gestion.statistiques.manage': 'Statistiques modifiées',
}
