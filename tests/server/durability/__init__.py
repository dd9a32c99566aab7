"""Nothing promised is lost: power cuts, kills, failing disks, databases that die."""
