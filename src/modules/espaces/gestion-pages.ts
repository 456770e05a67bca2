import { moduleName } from '../../kernel/modules.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { type Ctx, type Reply, view } from '../../kernel/page.ts'
import { audienceSentence, rolesOf } from '../audience/audience.ts'
import { type ElementGere, LIBELLES, kindOf, sorted } from './espace.ts'
import { FICHIERS } from './forms.ts'
import { moduleChoices } from './modules.ts'
import { type FicheGeree, listManaged, listReaders, listVersions, listWay, search } from './queries.ts'
import { shown } from './recherche.ts'

export const BASE = '/gestion/espaces'

type Asked = { q: string; tri: 'ordre' | 'nom' | 'date' }

/** Words of macros/fichiers.njk; nothing is said where no antivirus is set up. */
const ANTIVIRUS: Record<string, string> = { infecte: 'infecte', en_attente: 'en_cours', sain: 'sain' }

const ROLES: Record<string, string> = {
  adherent: 'adhérent',
  cabinet: 'cabinet',
  superviseur: 'superviseur',
  collaborateur: 'collaborateur',
}

type Crumb = { libelle: string; url?: string }

export function trail(way: readonly { id: string; titre: string }[], last: Crumb): Crumb[] {
  return [
    { libelle: 'Espaces documents', url: BASE },
    ...way.map(({ id, titre }) => ({ libelle: titre, url: `${BASE}/${id}` })),
    last,
  ]
}

export function choices(organisme: Organisme, professions: readonly string[]) {
  return {
    roles: rolesOf(organisme),
    professions: professions.map((valeur) => ({ valeur, libelle: valeur })),
    modules: moduleChoices(organisme),
  }
}

export function line(element: ElementGere, organisme: Organisme) {
  const pour = audienceSentence(element, organisme)
  const modules = element.pour_modules.map(moduleName)
  return {
    ...element,
    libelle: element.genre === 'fichier' ? kindOf(element.mime) : LIBELLES[element.genre],
    pour: modules.length === 0 ? pour : `${pour}, avec le module ${modules.join(', ')}`,
  }
}

/** What a folder holds, or what was found. */
export async function folder(ctx: Ctx<undefined, Asked>, element: FicheGeree | null): Promise<Reply> {
  const { db, organisme, query } = ctx
  if (query.q !== '') {
    const found = await search(db, query.q, 50)
    return view('espaces/recherche', {
      q: query.q,
      trouves: found.map(shown),
      plafond: found.length === 50 ? 50 : null,
      kindOf,
      gestion: true,
    })
  }
  const [way, rows] = await Promise.all([
    element === null ? [] : listWay(db, element.id),
    listManaged(db, element?.id ?? null),
  ])
  const chemin = element === null ? BASE : `${BASE}/${element.id}`
  return view('espaces/gestion-dossier', {
    dossier: element && line(element, organisme),
    parent: element === null ? null : (element.parent_id ?? ''),
    lignes: sorted(rows, query.tri).map((row) => line(row, organisme)),
    requete: { tri: query.tri },
    chemin,
    breadcrumb: element && trail(way.slice(0, -1), { libelle: element.titre }),
  })
}

/** A file or a link: its versions, and who opened it. */
export async function fiche({ db, organisme }: Ctx, element: FicheGeree): Promise<Reply> {
  const [way, versions, lecteurs] = await Promise.all([
    listWay(db, element.id),
    listVersions(db, element.id),
    listReaders(db, element.id),
  ])
  return view('espaces/gestion-fiche', {
    element: line(element, organisme),
    regle: FICHIERS,
    fichiers: versions.map((version) => ({
      nom: `Version ${version.numero} : ${version.nom}`,
      url: `${BASE}/${element.id}/versions/${version.id}`,
      genre: kindOf(version.mime),
      taille: version.taille,
      date: version.depose_le,
      auteur: version.depose_par_nom,
      luPar: version.en_vigueur ? 'en vigueur' : null,
      antivirus: ANTIVIRUS[version.antivirus],
    })),
    lecteurs: lecteurs.map((lecteur) => ({ ...lecteur, fonction: ROLES[lecteur.role] ?? '' })),
    breadcrumb: trail(way.slice(0, -1), { libelle: element.titre }),
  })
}
