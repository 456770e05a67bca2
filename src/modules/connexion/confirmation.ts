import { z } from 'zod'
import { confirmPassword } from '../../kernel/auth/confirm-password.ts'
import { CONFIRMED_MINUTES, CONFIRM_PATH, confirmAct, confirmPage } from '../../kernel/auth/step-up.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { findReprise } from '../../kernel/reprises/restore.ts'
import { safeReturn } from './statut.ts'

const Question = z.object({
  retour: z.string().optional().catch(undefined),
  acte: z.string().optional().catch(undefined),
  fait: z.literal('oui').optional().catch(undefined),
})
const Confirmation = z.strictObject({
  motDePasse: z
    .string({ error: 'Indiquez votre mot de passe.' })
    .min(1, 'Indiquez votre mot de passe.')
    .max(1000),
  retour: z.string().default(''),
  acte: z.uuid().optional(),
})

/** The page that a file is taken from: « /clients » for « /clients.csv?nom=x » and for « /clients/telechargement ». */
function pageOf(address: string): string {
  const { pathname } = new URL(address, 'http://ici.example')
  return pathname.replace(/(\.\w+|\/telechargement)$/, '') || '/'
}

/** The password once more, before a file of many dossiers leaves. */
export const confirmationRoutes: Route[] = [
  page(CONFIRM_PATH, {
    can: 'profil.manage',
    query: Question,
    async run({ db, services, query }) {
      const chosen = await findReprise(db, services, query.acte)
      const retour = safeReturn(query.retour)
      return view(query.fait ? 'connexion/confirme' : 'connexion/confirmation', {
        retour,
        acte: chosen && {
          id: chosen.id,
          chemin: chosen.chemin,
          champs: Object.entries(chosen.values).flatMap(([nom, valeur]) =>
            [valeur].flat().map((v) => ({ nom, valeur: v })),
          ),
        },
        page: pageOf(chosen?.chemin ?? retour),
        minutes: CONFIRMED_MINUTES,
      })
    },
  }),
  act(CONFIRM_PATH, {
    can: 'profil.manage',
    form: Confirmation,
    journal: false,
    async run(ctx) {
      const { form, user } = ctx
      await confirmPassword(ctx, form.motDePasse, 'motDePasse')
      const back = form.acte ? confirmAct(form.acte) : confirmPage(safeReturn(form.retour))
      // A new session: an id known before this step is worth nothing after it.
      return redirect(`${back}&fait=oui`, undefined, { signIn: { id: user.id, role: user.role } })
    },
  }),
]
