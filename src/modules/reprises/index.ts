import { NotFound } from '../../kernel/errors.ts'
import { type Module, page, view } from '../../kernel/page.ts'
import { findReprise } from '../../kernel/reprises/restore.ts'

/** Marks that a page puts in its own form, and one-word choices: nobody wrote them. */
const NOT_WRITTEN = /^(base-|photos-|geste$|vu$|version$)/
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/

/** Where a text is read that came too late for its form: what it was about is closed by now, or somebody else's. */
export const reprises: Module = {
  name: 'reprises',
  routes: [
    page('/reprises/:id', {
      can: 'profil.manage',
      async run({ db, services, params }) {
        const reprise = await findReprise(db, services, params.id)
        if (!reprise) throw new NotFound('reprise')
        const textes = Object.entries(reprise.values)
          .filter(([nom]) => !NOT_WRITTEN.test(nom))
          .flatMap(([, valeur]) => valeur)
          .filter((texte) => texte.trim() !== '' && !ID.test(texte))
        // Not « reprise »: that is the form shown again.
        return view('reprises/reprise', { gardee: { ...reprise, textes } })
      },
    }),
  ],
}
