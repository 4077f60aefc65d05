//! URLs of places that nobody may be led to: refused before anything is dialled or asked.

use gitlab_kube::error::Kind;

use crate::attack::{Attack, attacks};

fn at(url: &'static str) -> Attack {
    Attack::at(url).under(Default::default()).ends_in_one_of(&[Kind::BlockedUrl, Kind::BlockedAddress])
}

attacks! {
    loopback_is_refused: at("http://127.0.0.1:1");
    loopback_in_one_number_is_refused: at("http://2130706433:1");
    loopback_in_octal_is_refused: at("http://0177.0.0.1:1");
    loopback_in_hexadecimal_is_refused: at("http://0x7f.1:1");
    loopback_in_wide_digits_is_refused: at("http://１２７.0.0.1:1");
    loopback_in_ipv6_is_refused: at("http://[::1]:1");
    loopback_mapped_into_ipv6_is_refused: at("http://[::ffff:7f00:1]:1");
    the_name_of_loopback_is_refused: at("http://localhost.:1");
    the_metadata_service_is_refused: at("http://169.254.169.254");
    the_name_of_the_metadata_service_is_refused: at("http://metadata.google.internal");
    the_metadata_service_through_nat64_is_refused: at("http://[64:ff9b::169.254.169.254]");
    a_private_address_is_refused: at("https://10.0.0.1:6443");
    no_address_at_all_is_refused: at("http://0.0.0.0:1");
}
