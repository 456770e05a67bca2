import { inviteByMail } from '../../kernel/auth/activation.ts'
import type { JobContext } from '../../kernel/page.ts'
import { writeJournal } from '../../kernel/journal.ts'

/**
 * Job `plateforme.inviter`: mails the activation link of a first administrateur, inside his own organisme. The operator
 * never sees it. Run twice, it sends a second link that voids the first.
 */
export async function inviter(payload: Record<string, unknown>, ctx: JobContext): Promise<void> {
  const organismeId = String(payload.cible)
  const utilisateurId = String(payload.utilisateur)
  await ctx.services.database.inOrganisme({ organismeId, role: 'systeme' }, async (db) => {
    await inviteByMail(db, utilisateurId)
    await writeJournal(db, undefined, {
      action: 'compte.invite',
      objet: 'utilisateurs',
      objetId: utilisateurId,
      adherentId: null,
      detail: { par: 'plateforme' },
      request: '',
    })
  })
}
