import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'fec.efface': 'FEC effacé, son délai de conservation étant écoulé',
  'fec.rapport': 'Rapport d’un contrôle de FEC ouvert',
  'fec.read': 'Contrôle de FEC consulté',
}
