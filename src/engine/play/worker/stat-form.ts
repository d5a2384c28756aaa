/** What `stat -c` prints for each path (GNU and busybox): raw mode in hex, ids, names, size, inode, device, links, times. */
export const statForm = '%f %u %g %s %i %d %h %Y %X %Z %U %G';
/** The same with fractions of seconds, which GNU's knows. */
export const fineStatForm = '%f %u %g %s %i %d %h %.9Y %.9X %.9Z %U %G';
