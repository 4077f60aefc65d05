//! Method names for kinds: `NetworkPolicy` and `networkpolicies` make `network_policy` and `network_policies`.
//!
//! The rules are the kubeclient gem's, because programs are written with them. Its two lines of versions put underscores
//! differently (`apiservice` in 4.x, `api_service` later), so every name is known in both spellings.

/// The singular and plural method names of one kind, in one spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodNames {
    /// As in `get_network_policy`.
    pub singular: String,
    /// As in `get_network_policies`.
    pub plural: String,
}

/// Both spellings for `kind` and its plural resource `name`; the older first, the newer only where it differs.
pub fn method_names(kind: &str, name: &str) -> Vec<MethodNames> {
    let mut names = vec![spell(kind, name, underscore_4x)];
    let newer = spell(kind, name, underscore_5x);
    if newer != names[0] {
        names.push(newer);
    }
    names
}

/// Kinds that are plural already.
fn irregular(kind: &str) -> Option<(&'static str, &'static str)> {
    match kind {
        "Endpoints" => Some(("endpoint", "endpoints")),
        "SecurityContextConstraints" => Some(("security_context_constraint", "security_context_constraints")),
        _ => None,
    }
}

fn spell(kind: &str, name: &str, underscore: fn(&str) -> String) -> MethodNames {
    let (singular, plural) = match (irregular(kind), kind.rfind(|c: char| c.is_ascii_uppercase())) {
        (Some((singular, plural)), _) => (singular.to_owned(), plural.to_owned()),
        (None, None) => (kind.to_owned(), name.to_owned()),
        (None, Some(capital)) => conventional(kind, name, capital, underscore),
    };
    MethodNames { singular, plural }
}

/// `NetworkP|olicy` and `networkp|olicies`: the words of the kind, the suffix of each.
fn conventional(kind: &str, name: &str, capital: usize, underscore: fn(&str) -> String) -> (String, String) {
    let prefix = &kind[..=capital];
    let whole = underscore(kind);
    match name.get(..prefix.len()) {
        Some(start) if start == prefix.to_lowercase() => {
            let words = &whole[..whole.len() - (kind.len() - prefix.len())];
            (whole.clone(), format!("{words}{}", &name[prefix.len()..]))
        }
        _ => unconventional(kind, name, &whole),
    }
}

fn unconventional(kind: &str, name: &str, underscored_kind: &str) -> (String, String) {
    let underscored_name = name.replace('-', "_");
    if underscored_name.starts_with(underscored_kind) {
        (underscored_kind.to_owned(), underscored_name)
    } else {
        (kind.to_lowercase(), underscored_name.replace('_', ""))
    }
}

/// `aB` becomes `a_b`, and nothing else.
fn underscore_4x(kind: &str) -> String {
    underscore(kind, |before, _| before.is_ascii_lowercase())
}

/// `aB` becomes `a_b`, and `ABc` becomes `a_bc`.
fn underscore_5x(kind: &str) -> String {
    underscore(kind, |before, after| {
        before.is_ascii_lowercase() || (before.is_ascii_uppercase() && after.is_some_and(|c| c.is_ascii_lowercase()))
    })
}

fn underscore(kind: &str, breaks: impl Fn(char, Option<char>) -> bool) -> String {
    let chars: Vec<char> = kind.chars().collect();
    let mut out = String::with_capacity(kind.len() + 4);
    for (i, &c) in chars.iter().enumerate() {
        if i > 0 && c.is_ascii_uppercase() && breaks(chars[i - 1], chars.get(i + 1).copied()) {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_kinds_as_kubeclient_does() {
        for (kind, name, singular, plural) in [
            ("Pod", "pods", "pod", "pods"),
            ("NetworkPolicy", "networkpolicies", "network_policy", "network_policies"),
            ("ServiceAccount", "serviceaccounts", "service_account", "service_accounts"),
            ("ComponentStatus", "componentstatuses", "component_status", "component_statuses"),
            ("Endpoints", "endpoints", "endpoint", "endpoints"),
            (
                "SecurityContextConstraints",
                "securitycontextconstraints",
                "security_context_constraint",
                "security_context_constraints",
            ),
            ("lowercase", "lowercases", "lowercase", "lowercases"),
            ("TestMismatch", "other-odd-name", "testmismatch", "otheroddname"),
            ("TestMismatch", "test-mismatches", "test_mismatch", "test_mismatches"),
            ("NodeMetrics", "nodes", "nodemetrics", "nodes"),
            ("APIService", "apiservices", "apiservice", "apiservices"),
        ] {
            let names = method_names(kind, name);
            assert_eq!((names[0].singular.as_str(), names[0].plural.as_str()), (singular, plural), "{kind} {name}");
        }
    }

    #[test]
    fn knows_the_newer_spelling_too() {
        for (kind, name, singular, plural) in [
            ("APIService", "apiservices", "api_service", "api_services"),
            ("OAuthClient", "oauthclients", "o_auth_client", "o_auth_clients"),
            ("CSIDriver", "csidrivers", "csi_driver", "csi_drivers"),
        ] {
            let names = method_names(kind, name);
            assert_eq!((names[1].singular.as_str(), names[1].plural.as_str()), (singular, plural), "{kind}");
        }
        assert_eq!(method_names("Pod", "pods").len(), 1);
    }
}
