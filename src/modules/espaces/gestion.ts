import { downloadable } from '../../kernel/files/store.ts'
import { type Route, act, file, page, redirect, view } from '../../kernel/page.ts'
import { rolesOf } from '../audience/audience.ts'
import { listProfessions } from '../audience/queries.ts'
import { create, edit, move, reorder, replaceFile } from './acts.ts'
import { LIBELLES, destinations } from './espace.ts'
import { exportation } from './export.ts'
import { FICHIERS, creation, deplacement, modification, nouveau, rang, recherche } from './forms.ts'
import { BASE, choices, fiche, folder, trail } from './gestion-pages.ts'
import { listFolders, listWay, readManaged, readVersion } from './queries.ts'
import { lockElement, lockTree, restore, withdraw } from './writes.ts'

const can = 'gestion.espaces.manage'

/** The tree as staff keeps it. */
export const gestion: Route[] = [
  page(BASE, { can, query: recherche, run: (ctx) => folder(ctx, null) }),
  ...exportation,
  page(`${BASE}/nouveau`, {
    can,
    query: nouveau,
    async run({ db, organisme, query }) {
      const dans = query.dans ?? null
      const [parent, way, professions, folders] = await Promise.all([
        dans === null ? null : readManaged(db, dans),
        dans === null ? [] : listWay(db, dans),
        listProfessions(db),
        listFolders(db),
      ])
      const { genre } = query
      return view('espaces/element', {
        nouveau: true,
        genre,
        libelle: LIBELLES[genre],
        regle: FICHIERS,
        retour: dans === null ? BASE : `${BASE}/${dans}`,
        element: {
          parent_id: dans,
          pour_roles: parent?.pour_roles ?? rolesOf(organisme).map(({ valeur }) => valeur),
          pour_professions: [],
          pour_modules: [],
        },
        dossiers: destinations(folders, null),
        ...choices(organisme, professions),
        breadcrumb: trail(way, { libelle: `Ajouter un ${genre}` }),
      })
    },
  }),
  act(`${BASE}/nouveau`, {
    can,
    form: creation,
    upload: { rule: FICHIERS, maxFiles: 1 },
    async run(ctx) {
      await create(ctx, ctx.form)
      const { dans, titre } = ctx.form
      return redirect(
        dans === null ? BASE : `${BASE}/${dans}`,
        `« ${titre} » est ajouté à la fin du dossier.`,
      )
    },
  }),
  page(`${BASE}/:id`, {
    can,
    query: recherche,
    run: async (ctx) => {
      const element = await readManaged(ctx.db, ctx.params.id!)
      return element.genre === 'dossier' ? folder(ctx, element) : fiche(ctx, element)
    },
  }),
  page(`${BASE}/:id/modification`, {
    can,
    async run({ db, params, organisme }) {
      const [element, way, professions] = await Promise.all([
        readManaged(db, params.id!),
        listWay(db, params.id!),
        listProfessions(db),
      ])
      return view('espaces/element', {
        nouveau: false,
        genre: element.genre,
        libelle: LIBELLES[element.genre],
        element,
        retour: `${BASE}/${element.id}`,
        ...choices(organisme, [...new Set([...professions, ...element.pour_professions])]),
        breadcrumb: trail(way, { libelle: 'Modifier' }),
      })
    },
  }),
  act(`${BASE}/:id/modification`, {
    can,
    form: modification,
    async run(ctx) {
      await edit(ctx, ctx.params.id!, ctx.form)
      return redirect(`${BASE}/${ctx.params.id}`, 'Les modifications sont enregistrées.')
    },
  }),
  act(`${BASE}/:id/version`, {
    can,
    upload: { rule: FICHIERS, maxFiles: 1 },
    rerender: `${BASE}/:id`,
    async run(ctx) {
      const numero = await replaceFile(ctx, ctx.params.id!)
      return redirect(
        `${BASE}/${ctx.params.id}`,
        `La version ${numero} est en vigueur. Les versions précédentes restent dans l’historique.`,
      )
    },
  }),
  page(`${BASE}/:id/versions/:version`, {
    can,
    journal: true,
    async run({ db, params, note }) {
      const row = await readVersion(db, params.id!, params.version!)
      downloadable(row)
      note({ action: 'espaces.read', objet: 'espaces', detail: { fichier: row.nom } })
      return file(row)
    },
  }),
  page(`${BASE}/:id/deplacement`, {
    can,
    async run({ db, params }) {
      const [element, way, folders] = await Promise.all([
        readManaged(db, params.id!),
        listWay(db, params.id!),
        listFolders(db),
      ])
      return view('espaces/deplacement', {
        element,
        dossiers: destinations(folders, element.id),
        breadcrumb: trail(way, { libelle: 'Déplacer' }),
      })
    },
  }),
  act(`${BASE}/:id/deplacement`, {
    can,
    form: deplacement,
    async run(ctx) {
      const { titre } = await move(ctx, ctx.params.id!, ctx.form)
      const { dans } = ctx.form
      return redirect(dans === null ? BASE : `${BASE}/${dans}`, `« ${titre} » est maintenant rangé ici.`)
    },
  }),
  act(`${BASE}/:id/rang`, {
    can,
    form: rang,
    rerender: `${BASE}/:id`,
    async run(ctx) {
      const { parent_id } = await reorder(ctx, ctx.params.id!, ctx.form.sens)
      return redirect(parent_id === null ? BASE : `${BASE}/${parent_id}`)
    },
  }),
  page(`${BASE}/:id/retrait`, {
    can,
    async run({ db, params }) {
      const [element, way] = await Promise.all([readManaged(db, params.id!), listWay(db, params.id!)])
      return view('espaces/retrait', { element, breadcrumb: trail(way, { libelle: 'Retirer' }) })
    },
  }),
  act(`${BASE}/:id/retrait`, {
    can,
    async run({ db, params, note }) {
      await lockTree(db)
      const element = await lockElement(db, params.id!)
      if (element.retire_le === null) await withdraw(db, element.id)
      note({ action: 'espaces.withdraw', objet: 'espaces', detail: { titre: element.titre } })
      return redirect(
        element.parent_id === null ? BASE : `${BASE}/${element.parent_id}`,
        `« ${element.titre} » est retiré : plus personne ne le voit hors de votre organisme.`,
      )
    },
  }),
  act(`${BASE}/:id/retablissement`, {
    can,
    rerender: `${BASE}/:id`,
    async run({ db, params, note }) {
      await lockTree(db)
      const element = await lockElement(db, params.id!)
      await restore(db, element.id)
      note({ action: 'espaces.restore', objet: 'espaces', detail: { titre: element.titre } })
      return redirect(`${BASE}/${element.id}`, `« ${element.titre} » est de nouveau visible.`)
    },
  }),
]
