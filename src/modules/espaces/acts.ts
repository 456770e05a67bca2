import { brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { storeFile } from '../../kernel/files/store.ts'
import { datetime } from '../../kernel/formats.ts'
import { queueJob } from '../../kernel/jobs.ts'
import type { Ctx, SignedIn } from '../../kernel/page.ts'
import type { Genre } from './espace.ts'
import { step } from './espace.ts'
import {
  type Contenu,
  type Locked,
  insertElement,
  insertVersion,
  listSiblings,
  lockElement,
  lockTree,
  moveElement,
  orderSiblings,
  updateElement,
} from './writes.ts'

type Doer = Ctx<unknown, unknown> & SignedIn

const REFUSED: Record<string, string> = {
  espaces_sans_boucle: 'Un dossier ne peut pas être rangé dans lui-même ni dans ce qu’il contient.',
  espaces_dans_un_dossier: 'Choisissez un dossier : un fichier ou un lien ne contient rien.',
  espaces_profondeur: 'Ce dossier est déjà trop profond : douze niveaux au plus.',
}

async function inTree<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const sentence = REFUSED[brokenConstraint(error) ?? '']
    throw sentence === undefined ? error : new Refusal(sentence, 'dans')
  }
}

/** Adds a folder, a link, or a file with its first version. @throws Refusal */
export async function create(
  ctx: Doer,
  form: Contenu & { genre: Genre; dans: string | null },
): Promise<string> {
  const [received] = ctx.files
  if (form.genre === 'fichier' && !received) throw new Refusal('Choisissez le fichier à déposer.', 'fichier')
  if (form.genre !== 'fichier' && received)
    throw new Refusal('Un dossier ou un lien n’a pas de fichier.', 'fichier')
  const fichierId = received && (await storeFile(ctx, received))
  await lockTree(ctx.db)
  if (form.dans !== null) await lockElement(ctx.db, form.dans)
  const id = await inTree(() =>
    insertElement(ctx.db, { ...form, url: form.genre === 'lien' ? form.url : '', parentId: form.dans }),
  )
  if (fichierId !== undefined) await addVersion(ctx, id, fichierId)
  ctx.note({
    action: 'espaces.create',
    objet: 'espaces',
    objetId: id,
    detail: { genre: form.genre, titre: form.titre },
  })
  return id
}

/** Title, résumé, address, for whom. @throws Refusal when somebody changed it since the form was shown. */
export async function edit(ctx: Doer, id: string, form: Contenu & { revision: number }): Promise<void> {
  const element = await locked(ctx, id, form.revision)
  if (element.genre === 'lien' && form.url === '') throw new Refusal('Indiquez l’adresse du lien.', 'url')
  await updateElement(ctx.db, id, { ...form, url: element.genre === 'lien' ? form.url : '' })
  ctx.note({ action: 'espaces.update', objet: 'espaces', objetId: id, detail: { titre: form.titre } })
}

/** A new version of a file; the former ones are kept. @throws Refusal */
export async function replaceFile(ctx: Doer, id: string): Promise<number> {
  const [received] = ctx.files
  if (!received) throw new Refusal('Choisissez le fichier à déposer.', 'fichier')
  const fichierId = await storeFile(ctx, received)
  const element = await lockElement(ctx.db, id)
  if (element.genre !== 'fichier') throw new Refusal('Seul un fichier a des versions.')
  const numero = await addVersion(ctx, id, fichierId)
  ctx.note({ action: 'espaces.version', objet: 'espaces', objetId: id, detail: { numero } })
  return numero
}

async function addVersion(ctx: Doer, id: string, fichierId: string): Promise<number> {
  const version = await insertVersion(ctx.db, id, fichierId)
  await queueJob(
    ctx.db,
    'espaces.lire',
    { id: version.id },
    { key: `espaces:${version.id}`, maxAttempts: 20 },
  )
  return version.numero
}

/** Into another folder (null: the root), first or last. @throws Refusal */
export async function move(
  ctx: Doer,
  id: string,
  form: { dans: string | null; place: 'debut' | 'fin'; revision: number },
): Promise<Locked> {
  await lockTree(ctx.db)
  const element = await locked(ctx, id, form.revision)
  if (form.dans !== null) await lockElement(ctx.db, form.dans)
  await inTree(() => moveElement(ctx.db, id, form.dans, form.place === 'debut'))
  ctx.note({
    action: 'espaces.move',
    objet: 'espaces',
    objetId: id,
    detail: { titre: element.titre, de: element.parent_id, vers: form.dans },
  })
  return element
}

/** One step among its siblings; folders stay before the rest. */
export async function reorder(ctx: Doer, id: string, sens: 'monter' | 'descendre'): Promise<Locked> {
  await lockTree(ctx.db)
  const element = await lockElement(ctx.db, id)
  const siblings = await listSiblings(ctx.db, element.parent_id)
  const [folders, others] = [true, false].map((folder) =>
    siblings.filter(({ genre }) => (genre === 'dossier') === folder).map((row) => row.id),
  )
  await orderSiblings(ctx.db, [...step(folders!, id, sens), ...step(others!, id, sens)])
  ctx.note({ action: 'espaces.order', objet: 'espaces', objetId: id, detail: { titre: element.titre, sens } })
  return element
}

async function locked(ctx: Doer, id: string, revision: number): Promise<Locked> {
  const element = await lockElement(ctx.db, id)
  if (element.revision === revision) return element
  const who = element.modifie_par_nom || 'Une autre personne'
  throw new Refusal(
    `${who} a modifié « ${element.titre} » le ${datetime(element.modifie_le)}, pendant que vous y travailliez. ` +
      'Rien n’a été enregistré : rechargez la page pour voir ce qui a changé.',
  )
}
