# shellcheck shell=dash
# The kernel line and the network card.

# kernel_value KEY FILE: the value of KEY= on the kernel line in FILE; the last one wins, nothing where there is none.
kernel_value() {
  tr ' ' '\n' <"$2" | sed -n "s/^$1=//p" | tail -n 1
}

# network_card BOOTIF: the wired card with this address (01-aa-bb-cc-dd-ee-ff, as PXELINUX and iPXE write it), or the first that has a link.
network_card() {
  card_wanted=$(printf '%s' "${1#01-}" | tr 'A-Z-' 'a-z:')
  for card_path in "$sysfs"/class/net/*; do
    card_name=${card_path##*/}
    [ "$(read_attribute "$card_path/type")" = 1 ] && [ -e "$card_path/device" ] || continue
    if [ -n "$card_wanted" ]; then
      [ "$(read_attribute "$card_path/address")" = "$card_wanted" ] || continue
    else
      ip link set dev "$card_name" up 2>/dev/null
      [ "$(read_attribute "$card_path/carrier")" = 1 ] || continue
    fi
    echo "$card_name"
    return
  done
  return 1
}

# patiently SECONDS COMMAND...: repeats a command ten times a second until it succeeds; fails when the time is over.
patiently() {
  patience_end=$(($(uptime_cs) + $1 * 100))
  shift
  until "$@"; do
    [ "$(uptime_cs)" -lt "$patience_end" ] || return 1
    sleep 0.1
  done
}

# has_link CARD: whether a cable with something at its other end is in.
has_link() {
  [ "$(read_attribute "$sysfs/class/net/$1/carrier")" = 1 ]
}

# set_address CARD IP: uses what the boot loader was given, in the form of the kernel's ip= (Documentation/admin-guide/nfs/nfsroot.rst).
set_address() {
  set_card=$1
  old_separator=$IFS
  IFS=:
  # shellcheck disable=SC2086 # split on purpose
  set -- $2
  IFS=$old_separator
  network_address=${1:-} network_gateway=${3:-} network_mask=${4:-} network_dns=${8:-}
  ip addr add "$network_address/$network_mask" broadcast + dev "$set_card" || return 1
  [ -z "$network_gateway" ] || [ "$network_gateway" = 0.0.0.0 ] || ip route add default via "$network_gateway" dev "$set_card"
}

# start_network: leaves $card, $mac and an address; prints why not.
start_network() {
  card=$(patiently 20 network_card "$(kernel_value BOOTIF "$kernel_line")") || {
    echo 'no network card with a link'
    return 1
  }
  mac=$(read_attribute "$sysfs/class/net/$card/address")
  ip link set dev lo up
  ip link set dev "$card" up
  # 802.3 autonegotiation takes seconds; a switch port with spanning tree half a minute.
  patiently 45 has_link "$card" || {
    echo "no link on $card: cable, switch port"
    return 1
  }
  network_given=$(kernel_value ip "$kernel_line")
  case $network_given in
    [0-9]*.*:*) set_address "$card" "$network_given" ;;
    *) ask_for_address ;;
  esac || {
    echo "no address for $card: does a DHCP server answer on this network?"
    return 1
  }
}

# ask_for_address: one DHCP, for boot loaders that hand no address over.
ask_for_address() {
  udhcpc -i "$card" -n -q -f -t 10 -T 2 -A 1 -s /labkit/leased >>"$work/log" 2>&1
}
