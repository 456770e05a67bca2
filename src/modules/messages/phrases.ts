import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'messages.exportes': 'Liste des messages exportée',
  'message.envoye': 'Message envoyé',
  'message.repondu': 'Message répondu',
  'message.poursuivi': 'Message poursuivi',
  'message.clos': 'Échange de messages clos',
  'message.piece': 'Pièce d’un message ouverte',
  'messages.send': 'Message envoyé',
  'messages.read': 'Messages consultés',
  'gestion.messages.answer': 'Message traité',
}
