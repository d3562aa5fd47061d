use cnivpp::api::{Error, memif};
use vpp_sim::Release;

use crate::{RELEASES, vpp};

#[tokio::test]
async fn invalid_names_are_refused_before_anything_is_sent() {
    for release in RELEASES {
        let (sim, client) = vpp(release).await;
        sim.clear_requests();
        let too_long = format!("/{}", "x".repeat(106));
        for name in ["", "/run/a~b", "abstract:", "abstract:a,x=y", &too_long] {
            let error = memif::add_socket(&client, None, name).await.unwrap_err();
            assert!(matches!(error, Error::Invalid { .. }), "{name}: {error}");
        }
        assert!(sim.requests().is_empty());
    }
}

#[tokio::test]
async fn master_listens_on_the_longest_name() {
    for release in RELEASES {
        let (sim, client) = vpp(release).await;
        let folder = sim.socket().parent().unwrap().to_str().unwrap().to_owned();
        let longest = format!("{folder}/{}", "x".repeat(105 - folder.len()));
        assert_eq!(longest.len(), 106);
        let id = memif::add_socket(&client, None, &longest).await.unwrap();
        let create = memif::Create {
            socket_id: id,
            ..Default::default()
        };
        memif::create(&client, &create).await.unwrap();
        assert!(std::fs::exists(&longest).unwrap());
    }
}

#[tokio::test]
async fn abstract_sockets_are_refused_on_releases_without_them() {
    for release in RELEASES {
        let (sim, client) = vpp(release).await;
        let added = memif::add_socket(&client, None, "abstract:cni-1").await;
        if release <= Release::V23_02 {
            let error = added.unwrap_err().to_string();
            assert!(error.contains("since v23.06"), "{error}");
            assert_eq!(sim.state().memif_sockets().count(), 1);
        } else {
            let create = memif::Create {
                socket_id: added.unwrap(),
                ..Default::default()
            };
            memif::create(&client, &create).await.unwrap();
        }
    }
}
