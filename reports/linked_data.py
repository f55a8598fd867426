"""The release described for search engines and registries: schema.org + DCAT, DataCite, Citation File Format.

Sources: https://schema.org/Dataset , https://www.w3.org/TR/vocab-dcat-3/ , DataCite Metadata Schema 4.5,
https://citation-file-format.github.io/ (1.2.0).
"""

from collections.abc import Mapping
from typing import Any

import yaml

from .citations import Work, address, details, sha256
from .data_files import to_json
from .published import LANGUAGES, Release
from .words import period, say

CONTEXT = [
    "https://schema.org/",
    {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "spdx": "http://spdx.org/rdf/terms#",
    },
]
KEYWORDS = {
    "en": ["human rights", "gender-based violence", "documented cases", "statistical disclosure control"],
    "ru": ["права человека", "гендерное насилие", "задокументированные случаи"],
}


def description(release: Release, language: str) -> str:
    """Return what the release is and is not, in one paragraph."""
    years = period(release.fact("period_from"), release.fact("period_to"))
    caveats = " ".join(caveat.text(language) for caveat in release.caveats)
    return f"{release.named('group_name', language)}, {years}. {caveats}".strip()


def _publisher(release: Release) -> str:
    return release.fact("publisher") or release.fact("group_name")


def _in_both(text: Any) -> list[dict[str, str]]:
    return [{"@language": language, "@value": text(language)} for language in LANGUAGES]


def dataset_jsonld(release: Release, files: Mapping[str, bytes], whole: Work) -> bytes:
    """Return the schema.org Dataset, which is a dcat:Dataset at the same time."""
    organisation = {"@type": "Organization", "name": _publisher(release)}
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": ["Dataset", "dcat:Dataset"],
        "name": _in_both(whole.title.text),
        "dct:title": _in_both(whole.title.text),
        "description": _in_both(lambda language: description(release, language)),
        "dct:description": _in_both(lambda language: description(release, language)),
        "identifier": f"sha256:{whole.proof}",
        "version": release.id,
        "datePublished": release.fact("built_at"),
        "dct:issued": release.fact("built_at"),
        "dateModified": release.fact("data_as_of"),
        "temporalCoverage": f"{release.fact('period_from')}/{release.fact('period_to')}",
        "creator": organisation,
        "publisher": organisation,
        "dct:publisher": organisation,
        "license": release.fact("licence_url") or release.fact("licence"),
        "isAccessibleForFree": True,
        "inLanguage": list(LANGUAGES),
        "keywords": [word for language in LANGUAGES for word in KEYWORDS[language]],
        "dcat:keyword": [word for language in LANGUAGES for word in KEYWORDS[language]],
        "measurementTechnique": f"{say('not_prevalence', 'en')} Rules {release.fact('rules_id')}.",
        "variableMeasured": sorted({table.unit_label.en for table in release.tables.values()}),
        "distribution": _distributions(release, files),
    }
    document["dcat:distribution"] = [{"@id": one["@id"]} for one in document["distribution"]]
    if link := address(release, whole):
        document |= {"@id": link, "url": link}
    return to_json(document)


def _distributions(release: Release, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    found = []
    for name, table in release.tables.items():
        path = f"data/{name}.csv"
        where = f"{release.address}{path}"
        found.append(
            {
                "@type": ["DataDownload", "dcat:Distribution"],
                "@id": where,
                "name": table.title.en,
                "encodingFormat": "text/csv",
                "dcat:mediaType": "text/csv",
                "contentUrl": where,
                "dcat:downloadURL": {"@id": where},
                "contentSize": f"{len(files[path])} B",
                "sha256": sha256(files[path]),
            }
        )
    return found


def datacite(release: Release, files: Mapping[str, bytes], whole: Work) -> bytes:
    """Return DataCite metadata (schema 4.5) for whoever registers a DOI; we register none."""
    document: dict[str, Any] = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceType": "Statistical tables", "resourceTypeGeneral": "Dataset"},
        "creators": [{"name": release.fact("group_name"), "nameType": "Organizational"}],
        "titles": [
            {"title": whole.title.en, "lang": "en"},
            {"title": whole.title.ru, "lang": "ru", "titleType": "TranslatedTitle"},
        ],
        "publisher": {"name": _publisher(release)},
        "publicationYear": release.fact("built_at")[:4],
        "language": "en",
        "version": release.id,
        "dates": [
            {"date": release.fact("built_at"), "dateType": "Issued"},
            {"date": release.fact("data_as_of"), "dateType": "Updated"},
            {
                "date": f"{release.fact('period_from')}/{release.fact('period_to')}",
                "dateType": "Other",
                "dateInformation": "period of the incidents",
            },
        ],
        "subjects": [
            {"subject": word, "lang": language} for language in LANGUAGES for word in KEYWORDS[language]
        ],
        "descriptions": [
            {"description": description(release, language), "descriptionType": "Abstract", "lang": language}
            for language in LANGUAGES
        ],
        "rightsList": [
            {
                "rights": release.fact("licence"),
                **({"rightsUri": release.fact("licence_url")} if release.fact("licence_url") else {}),
            }
        ],
        "formats": ["text/csv", "application/vnd.sqlite3", "image/svg+xml", "image/png", "application/pdf"],
        "sizes": [f"{len(release.tables)} tables"],
        "alternateIdentifiers": [
            {"alternateIdentifier": whole.proof, "alternateIdentifierType": f"SHA-256 of {whole.proof_of}"}
        ],
    }
    if link := address(release, whole):
        document["alternateIdentifiers"].append(
            {"alternateIdentifier": link, "alternateIdentifierType": "URL"}
        )
    return to_json(document)


def citation_file(release: Release, whole: Work, package: str) -> bytes:
    """Return `CITATION.cff` (1.2.0); `package` is the SHA-256 of datapackage.json."""
    document: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "Please cite this release as below.",
        "type": "dataset",
        "title": f"{whole.title.en} {details(release, whole, 'en')}",
        "authors": [{"name": release.fact("group_name")}],
        "version": release.id,
        "date-released": release.fact("built_at"),
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{whole.proof}",
                "description": f"SHA-256 of {whole.proof_of}",
            },
            {
                "type": "other",
                "value": f"sha256:{package}",
                "description": "SHA-256 of datapackage.json, which holds that of every table",
            },
        ],
        "keywords": KEYWORDS["en"],
        "abstract": description(release, "en"),
    }
    if release.fact("licence"):
        document["license"] = release.fact("licence")
    if link := address(release, whole):
        document["url"] = link
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000)
    return text.encode("utf-8")
