import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'formations.enrol': 'Inscription ou désinscription à une formation',
  'formations.cancel': 'Inscription à une formation annulée',
  'gestion.formations.manage': 'Formation modifiée',
  'formations.attestation': 'Attestation de présence ouverte',
  'formations.create': 'Formation créée',
  'formations.update': 'Formation modifiée',
  'formations.publish': 'Formation publiée',
  'formations.cancel-session': 'Formation annulée',
  'formations.wait': 'Liste d’attente d’une formation',
  'formations.presences': 'Présences à une formation enregistrées',
  'formations.export': 'Inscrits à une formation exportés',
  'formations.exportees': 'Liste des formations exportée',
}
