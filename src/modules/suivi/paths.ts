export const TABLEAU = '/gestion/suivi'
export const LISTE = '/gestion/suivi/dossiers'
export const FILTRES = '/gestion/suivi/filtres'
export const LOTS = '/gestion/suivi/lots'
