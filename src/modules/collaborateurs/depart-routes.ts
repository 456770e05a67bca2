import { Refusal } from '../../kernel/errors.ts'
import { date, pluriel } from '../../kernel/formats.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { listReceveurs } from '../affectations/queries.ts'
import { isGone, mayManage, mustBeNear, mustStay } from './collaborateur.ts'
import { UN_PAR_UN, comeBack, empreinte, holdingsOf, leave } from './depart.ts'
import { Depart, preparation } from './forms.ts'
import { lockCollaborateur, lockInOrder, readCollaborateur } from './queries.ts'
import { lieu, nomDe, sujet } from './shown.ts'

const FICHE = '/collaborateurs/:id'
const can = 'collaborateurs.manage'

/** Leaving at a date is one act (F76): the page says beforehand what goes to whom. */
export const depart: Route[] = [
  page(`${FICHE}/depart`, {
    can,
    query: preparation,
    async run({ db, user, params, query, today }) {
      const c = await readCollaborateur(db, params.id!)
      const [held, receveurs] = await Promise.all([holdingsOf(db, c.id), listReceveurs(db)])
      const choix = [
        ...receveurs
          .filter((r) => r.id !== c.id)
          .map((r) => ({ valeur: r.id, libelle: `${r.nom} (${r.login})` })),
        { valeur: '', libelle: 'Personne : à affecter plus tard' },
      ]
      const vers = choix.some((one) => one.valeur === query.vers) ? query.vers : ''
      return view('collaborateurs/depart', {
        collaborateur: c,
        nomComplet: nomDe(c),
        parti: isGone(c, today),
        gere: mayManage(user, c),
        ...held,
        vu: empreinte(held),
        unParUn: held.dossiers.length <= UN_PAR_UN,
        sesDossiers: held.dossiers.map((d) => d.id),
        choix,
        vers,
        breadcrumb: lieu(c, 'Départ'),
      })
    },
  }),
  act(`${FICHE}/depart`, {
    can,
    form: Depart,
    async run({ db, user, params, form, today, note }) {
      await lockInOrder(db, [params.id!, form.vers, ...form.dossiers.values()])
      const who = await lockCollaborateur(db, user, params.id!)
      mustStay(who)
      mustBeNear(form.le, today)
      const { confies, libres } = await leave(db, who, form, today)
      note({ action: 'collaborateur.depart', ...sujet(who.id), detail: { le: form.le, confies, libres } })
      const given =
        confies === 0
          ? ''
          : ` ${pluriel(confies, 'dossier est confié', 'dossiers sont confiés')} à ses collègues.`
      const left =
        libres === 0 ? '' : ` ${pluriel(libres, 'dossier reste à affecter', 'dossiers restent à affecter')}.`
      return redirect(
        `/collaborateurs/${who.id}`,
        `Le départ de ${nomDe(who)} est enregistré au ${date(form.le)}.${given}${left}`,
      )
    },
  }),
  act(`${FICHE}/retour`, {
    can,
    rerender: FICHE,
    async run({ db, user, params, note }) {
      const who = await lockCollaborateur(db, user, params.id!)
      if (who.parti_le === null) throw new Refusal('Aucun départ n’est enregistré.')
      await comeBack(db, who.id)
      note({ action: 'collaborateur.retour', ...sujet(who.id) })
      return redirect(
        `/collaborateurs/${who.id}`,
        'Le départ est annulé : ce collaborateur peut se connecter. Les dossiers confiés restent où ils sont.',
      )
    },
  }),
]
