"""The versioned catalogues as data files: process, dossier sections, feasibility dimensions."""
