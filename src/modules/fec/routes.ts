import type { Organisme } from '../../kernel/organisme.ts'
import { NotFound } from '../../kernel/errors.ts'
import { majuscule } from '../../kernel/formats.ts'
import { type Route, type Utilisateur, page, stream, view } from '../../kernel/page.ts'
import { pdfKind, makePdf } from '../../kernel/pdf/pool.ts'
import { readLogoForPaper } from '../clotures/queries.ts'
import type { PapierData } from './papier.ts'
import { type ControleFiche, empreinteDe, readControle } from './queries.ts'
import { rapportMontre } from './shown.ts'

const PAPIER = pdfKind<PapierData>(new URL('./papier.ts', import.meta.url))

/** The report of a file, for who sent it, his firm and the staff. */
export const routes: readonly Route[] = [
  page('/fec/:id', {
    can: 'fec.read',
    async run({ db, params, user }) {
      const controle = await readControle(db, params.id!)
      return view('fec/rapport', {
        controle,
        ...rapportMontre(controle),
        breadcrumb: [...chemin(controle, user), { libelle: 'Contrôle du FEC' }],
      })
    },
  }),
  page('/fec/:id/rapport', {
    can: 'fec.read',
    journal: true,
    async run({ db, params, organisme, today, note }) {
      const controle = await readControle(db, params.id!)
      const { rapport } = controle
      if (rapport === null) throw new NotFound('no report yet')
      const [logo, empreinte] = await Promise.all([readLogoForPaper(db), empreinteDe(db, controle.id)])
      const bytes = await makePdf(PAPIER, {
        emetteur: emetteurDe(organisme, logo),
        adherent: {
          nom: controle.adherent_nom,
          numero: controle.adherent_numero,
          libelle: majuscule(organisme.vocabulaire.adherent),
        },
        accuse: controle.accuse,
        empreinte,
        rapport,
        faitLe: controle.fini_le ?? controle.demande_le,
        jour: today,
      })
      note({
        action: 'fec.rapport',
        objet: 'fec_controles',
        objetId: controle.id,
        adherentId: controle.adherent_id,
        detail: { accuse: controle.accuse, nom: controle.nom },
      })
      return stream(bytes, 'application/pdf', `Contrôle FEC ${controle.accuse}.pdf`)
    },
  }),
]

function emetteurDe(organisme: Organisme, logo: string | null): PapierData['emetteur'] {
  const { nom, forme, adresse, telephone, courriel, couleur } = organisme
  return { nom, forme, adresse, telephone, courriel, couleur, logo }
}

/** From where this person came to the report. */
function chemin(controle: ControleFiche, user: Utilisateur) {
  const { accuse, transfert_id: id, adherent_id: adherent } = controle
  if (user.adherentId !== null)
    return [
      { libelle: 'Transfert de données', url: '/transferts' },
      { libelle: accuse, url: `/transferts/${id}` },
    ]
  if (user.structureId !== null)
    return [
      { libelle: controle.adherent_nom, url: `/clients/${adherent}` },
      { libelle: 'Transferts', url: `/clients/${adherent}/transferts` },
      { libelle: accuse, url: `/transferts/${id}` },
    ]
  return [
    { libelle: 'Transferts', url: '/gestion/transferts' },
    { libelle: accuse, url: `/gestion/transferts/${id}` },
  ]
}
