import { z } from 'zod'
import { inviteByMail } from '../../../kernel/auth/activation.ts'
import type { Db } from '../../../kernel/db.ts'
import { Refusal } from '../../../kernel/errors.ts'
import { choix, courriel, texte } from '../../../kernel/forms.ts'
import { type Route, act, page, redirect, view } from '../../../kernel/page.ts'
import { sql } from '../../../kernel/sql.ts'
import { refusedAccount } from '../compte.ts'
import { createCompte } from '../queries.ts'
import { LISTE, pathOf, sujet } from '../shown.ts'

const can = 'gestion.comptes.manage'

const Nouveau = z.strictObject({
  genre: choix('de qui est le compte', ['adherent', 'cabinet']),
  numero: texte('le numéro', 20),
  courriel,
})
type Nouveau = z.output<typeof Nouveau>

/** The account of one member, or of a firm, with the address that he gives. */
export const nouveau: Route[] = [
  page(`${LISTE}/nouveau`, {
    can,
    run: () =>
      view('comptes/nouveau', {
        breadcrumb: [{ libelle: 'Comptes', url: LISTE }, { libelle: 'Inviter une personne' }],
      }),
  }),
  act(`${LISTE}/nouveau`, {
    can,
    form: Nouveau,
    async run({ db, form, note }) {
      const { id, adherentId } =
        form.genre === 'adherent' ? await forAdherent(db, form) : await forCabinet(db, form)
      await inviteByMail(db, id)
      note({ action: 'compte.cree', ...sujet({ id, adherent_id: adherentId }) })
      return redirect(
        pathOf(id),
        `Le compte est créé. Un courriel part à ${form.courriel} avec le lien d’activation, valable trois jours.`,
      )
    },
  }),
]

async function forAdherent(db: Db, { numero, courriel: adresse }: Nouveau) {
  const adherent = await db.maybe<{ id: string }>(sql`select id from adherents where numero = ${numero}`)
  if (!adherent) throw new Refusal('Aucun adhérent ne porte ce numéro.', 'numero')
  return { id: await createCompte(db, adherent.id, adresse), adherentId: adherent.id }
}

/** The log-in of the firm itself; its people are its own business. */
async function forCabinet(db: Db, { numero, courriel: adresse }: Nouveau) {
  const cabinet = await db.maybe<{ id: string; nom: string; numero: string }>(
    sql`select id, nom, numero from structures where upper(numero) = upper(${numero}) for update`,
  )
  if (!cabinet) throw new Refusal('Aucun cabinet ne porte ce numéro.', 'numero')
  try {
    const { id } = await db.one<{
      id: string
    }>(sql`insert into utilisateurs (login, courriel, nom, role, structure_id)
      values (${cabinet.numero}, ${adresse}, ${cabinet.nom}, 'cabinet', ${cabinet.id}) returning id`)
    return { id, adherentId: null }
  } catch (error) {
    refusedAccount(error, new Refusal('Ce cabinet a déjà un compte.', 'numero'))
  }
}
