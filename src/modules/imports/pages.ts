import type { Ctx, Reply } from '../../kernel/page.ts'
import { view } from '../../kernel/page.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { readTravail } from '../../kernel/travaux/queries.ts'
import { showTravail } from '../../kernel/travaux/shown.ts'
import type { z } from 'zod'
import { type Correspondance, devine, empreinteDe } from './correspondance.ts'
import { ETATS_LIGNE, type onglet } from './forms.ts'
import type { Genre } from './genre.ts'
import { GENRES, genreDe } from './genres.ts'
import { type ImportRow, listImports, listLignes, readImport, readSouvenir } from './queries.ts'
import { ETATS, accorde, enMots, montreLigne } from './shown.ts'

const PAR_PAGE = 50

/** What can be imported, and what was. */
export async function liste({ db }: Pick<Ctx, 'db'>): Promise<Reply> {
  const rows = await listImports(db, 50)
  return view('imports/liste', {
    genres: GENRES.map((nom) => {
      const { titre, aide, champs } = genreDe(nom)
      const simples = champs.filter((champ) => champ.groupe === undefined)
      return {
        nom,
        titre,
        aide,
        requis: simples.filter((champ) => champ.requis).map((champ) => champ.libelle),
      }
    }),
    choix: GENRES.map((nom) => ({ valeur: nom, libelle: genreDe(nom).titre })),
    imports: rows.map((row) => ({
      ...row,
      titre: genreDe(row.genre).titre,
      etat: ETATS[row.etat],
      mots: row.etat === 'pret' || row.etat === 'applique' ? enMots(genreDe(row.genre), row) : '',
    })),
  })
}

/** The page of one import, which follows it from the columns to the report. */
export async function fiche(ctx: Ctx<unknown, z.output<typeof onglet>>): Promise<Reply> {
  const imp = await readImport(ctx.db, ctx.params.id!)
  const genre = genreDe(imp.genre)
  const commun = {
    imp: { ...imp, etat: ETATS[imp.etat], code: imp.etat },
    genre: { nom: genre.nom, titre: genre.titre, un: genre.un, plusieurs: genre.plusieurs },
    breadcrumb: [{ libelle: 'Imports', url: '/gestion/imports' }, { libelle: imp.fichier.nom }],
  }
  switch (imp.etat) {
    case 'correspondance':
      return view('imports/colonnes', { ...commun, ...(await colonnes(ctx, imp, genre)) })
    case 'essai':
    case 'application': {
      const travail = imp.travail_id === null ? null : await readTravail(ctx.db, imp.travail_id)
      return view('imports/travail', { ...commun, travail: travail && showTravail(travail, ctx.now) })
    }
    case 'abandonne':
      return view('imports/abandon', commun)
    default:
      return view('imports/differences', { ...commun, ...(await differences(ctx, imp, genre)) })
  }
}

async function colonnes({ db }: Pick<Ctx, 'db'>, imp: ImportRow, genre: Genre) {
  const souvenir = await readSouvenir(db, imp.genre, empreinteDe(imp.entetes))
  const kept = Object.keys(imp.correspondance).length > 0
  const choisies: Correspondance = kept
    ? imp.correspondance
    : devine(genre, imp.entetes, souvenir?.correspondance)
  const par = new Map(Object.entries(choisies).map(([nom, at]) => [at, nom]))
  const groupes = [...new Set(genre.champs.map((champ) => champ.groupe))]
  return {
    souvenir: souvenir !== undefined,
    colonnes: imp.entetes.map((titre, at) => ({
      nom: `col_${at}`,
      titre,
      exemples: imp.exemples
        .map((row) => row[at] ?? '')
        .filter((cell) => cell !== '')
        .slice(0, 3),
      choisi: par.get(at) ?? '',
    })),
    groupes: groupes.map((nom) => ({
      nom: nom ?? '',
      champs: genre.champs
        .filter((champ) => champ.groupe === nom)
        .map((champ) => ({
          valeur: champ.nom,
          libelle: champ.requis ? `${champ.libelle} (nécessaire)` : champ.libelle,
        })),
    })),
    aides: genre.champs
      .filter((champ) => champ.aide)
      .map((champ) => ({ libelle: champ.libelle, aide: champ.aide })),
    aideGenre: genre.aide,
    trouvees: par.size,
  }
}

async function differences(ctx: Ctx<unknown, z.output<typeof onglet>>, imp: ImportRow, genre: Genre) {
  const mots = accorde(genre)
  // After the import what did not change is no longer kept.
  const etats = ETATS_LIGNE.filter((etat) => imp.etat === 'pret' || etat !== 'inchange').filter(
    (etat) => etat !== 'absent' || genre.absents !== undefined,
  )
  const first = etats.find((etat) => (imp.comptes[etat] ?? 0) > 0) ?? 'nouveau'
  const asked = ctx.query?.lignes ?? ''
  const actuel = asked === '' || !etats.includes(asked) ? first : asked
  const place = ctx.query ?? { rang: 1 }
  const rows = await listLignes(ctx.db, imp.id, actuel, place, PAR_PAGE + 1)
  const path = `/gestion/imports/${imp.id}`
  const { lignes, pager } = keysetPage({
    rows, size: PAR_PAGE, asked: place, cursor: (row) => String(row.ligne), path, query: { lignes: actuel },
    total: imp.comptes[actuel] ?? 0, nom: mots[actuel].plusieurs,
  }) // prettier-ignore
  const { nouveau = 0, modifie = 0, absent = 0, refuse = 0 } = imp.comptes
  return {
    actuel,
    onglets: etats.map((etat) => {
      const compte = imp.comptes[etat] ?? 0
      return { etat, compte, libelle: compte < 2 ? mots[etat].un : mots[etat].plusieurs }
    }),
    lignes: lignes.map((ligne) => montreLigne(genre, ligne)),
    pager,
    mots: enMots(genre, imp),
    aFaire: nouveau + modifie,
    absents:
      genre.absents && absent > 0
        ? { libelle: genre.absents.libelle, date: genre.absents.date, compte: absent }
        : null,
    refuses: refuse,
  }
}
