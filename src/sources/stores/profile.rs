//! Static profiles of `~/.aws/credentials` and `~/.aws/config`.
//!
//! object_store reads neither, yet that is where most people keep their keys. Only what is
//! written there is used; sign-in (SSO), assumed roles and credential processes are refused with
//! the command that turns them into variables.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::settings::Variables;
use crate::error::{Error, Result};

/// What one profile says, the credentials file before the config file.
#[derive(Default)]
pub(super) struct Profile {
    values: HashMap<String, String>,
}

impl Profile {
    /// The profile of `AWS_PROFILE`, or the default one when there is one.
    ///
    /// # Errors
    /// When `AWS_PROFILE` names a profile that is in neither file.
    pub(super) fn load(place: &str, variables: &Variables) -> Result<Option<Self>> {
        let named = variables
            .get("AWS_PROFILE")
            .or(variables.get("AWS_DEFAULT_PROFILE"));
        let name = named.unwrap_or("default");
        let credentials = file(variables, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
        let config = file(variables, "AWS_CONFIG_FILE", "config");
        let mut values = section(&config, |header| {
            header == name && name == "default"
                || header.strip_prefix("profile ").map(str::trim) == Some(name)
        });
        let kept = section(&credentials, |header| header == name);
        if let Some(kept) = kept {
            values.get_or_insert_default().extend(kept);
        }
        match (values, named) {
            (Some(values), _) => Ok(Some(Self { values })),
            (None, None) => Ok(None),
            (None, Some(name)) => Err(Error::place(
                place,
                format!(
                    "the profile `{name}` of AWS_PROFILE is in neither {} nor {}",
                    shown(&credentials),
                    shown(&config)
                ),
            )),
        }
    }

    /// The value of a key, when it is set.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// The way of signing in that needs the AWS tools, if the profile has one.
    pub(super) fn foreign(&self) -> Option<&'static str> {
        const WAYS: [&str; 5] = [
            "sso_session",
            "sso_start_url",
            "credential_process",
            "role_arn",
            "login_session",
        ];
        WAYS.into_iter().find(|way| self.values.contains_key(*way))
    }
}

fn file(variables: &Variables, variable: &str, name: &str) -> Option<PathBuf> {
    if let Some(path) = variables.get(variable) {
        return Some(PathBuf::from(path));
    }
    let home = variables.get("HOME").or(variables.get("USERPROFILE"))?;
    Some(Path::new(home).join(".aws").join(name))
}

fn shown(path: &Option<PathBuf>) -> String {
    path.as_ref()
        .map_or_else(|| "~/.aws".to_owned(), |path| path.display().to_string())
}

/// A file that cannot be read counts as empty, as it does for the AWS tools.
fn section(
    path: &Option<PathBuf>,
    wanted: impl Fn(&str) -> bool,
) -> Option<HashMap<String, String>> {
    let text = std::fs::read_to_string(path.as_ref()?).ok()?;
    read(&text, wanted)
}

/// The pairs of the wanted section. Indented lines belong to a nested setting (`s3 =`) and are
/// none of ours.
fn read(text: &str, wanted: impl Fn(&str) -> bool) -> Option<HashMap<String, String>> {
    let mut found = None;
    let mut inside = false;
    for line in text.lines() {
        let content = line.trim();
        if let Some(header) = content
            .strip_prefix('[')
            .and_then(|rest| rest.split(']').next())
        {
            inside = wanted(header.trim());
            if inside {
                found.get_or_insert_with(HashMap::new);
            }
        } else if inside
            && !line.starts_with([' ', '\t', '#', ';'])
            && let Some((key, value)) = content.split_once('=')
        {
            let value = value.split(" #").next().unwrap_or_default().trim();
            found
                .get_or_insert_with(HashMap::new)
                .insert(key.trim().to_lowercase(), value.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Profile, Variables};

    const CREDENTIALS: &str = "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key=s1\n\n\
        # a comment\n[survey]\naws_access_key_id=AKIASURVEY # inline\naws_secret_access_key = a=b/c+d\n";
    const CONFIG: &str = "[default]\nregion = eu-west-1\n[profile survey]\nregion=eu-south-2\n\
        s3 =\n  addressing_style = path\nendpoint_url = http://127.0.0.1:9000\n\
        [profile office]\nsso_session = office\n";

    fn load(profile: Option<&str>) -> crate::Result<Option<Profile>> {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        std::fs::write(home.path().join(".aws/credentials"), CREDENTIALS).unwrap();
        std::fs::write(home.path().join(".aws/config"), CONFIG).unwrap();
        let variables: Variables = [("HOME", home.path().to_str().unwrap())]
            .into_iter()
            .chain(profile.map(|name| ("AWS_PROFILE", name)))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Profile::load("s3://feedback", &variables)
    }

    #[test]
    fn both_files_make_one_profile() {
        let survey = load(Some("survey")).unwrap().unwrap();
        assert_eq!(survey.get("aws_access_key_id"), Some("AKIASURVEY"));
        assert_eq!(survey.get("aws_secret_access_key"), Some("a=b/c+d"));
        assert_eq!(survey.get("region"), Some("eu-south-2"));
        assert_eq!(survey.get("endpoint_url"), Some("http://127.0.0.1:9000"));
        assert_eq!(survey.get("addressing_style"), None);
    }

    #[test]
    fn the_default_profile_needs_no_name() {
        let default = load(None).unwrap().unwrap();
        assert_eq!(default.get("aws_access_key_id"), Some("AKIADEFAULT"));
        assert_eq!(default.get("region"), Some("eu-west-1"));
        assert_eq!(default.foreign(), None);
    }

    #[test]
    fn a_missing_profile_and_a_sign_in_are_noticed() {
        let missing = load(Some("nobody")).err().unwrap().to_string();
        assert!(
            missing.contains("the profile `nobody` of AWS_PROFILE is in neither"),
            "{missing}"
        );
        assert_eq!(
            load(Some("office")).unwrap().unwrap().foreign(),
            Some("sso_session")
        );
    }

    #[test]
    fn no_files_are_no_profile() {
        let variables: Variables = [("HOME".to_owned(), "/nowhere".to_owned())]
            .into_iter()
            .collect();
        assert!(
            Profile::load("s3://feedback", &variables)
                .unwrap()
                .is_none()
        );
    }
}
